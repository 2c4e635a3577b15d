import { expect, test } from 'vitest';
import { ShardError } from '../../src/model/errors.ts';
import { Secret } from '../../src/model/secret.ts';
import { createLogger, type LogFormat } from '../../src/runtime/logger.ts';

function logged(format: LogFormat, fields: object): string {
  const lines: string[] = [];
  createLogger('info', format, (line) => lines.push(line)).info(fields, 'something happened');
  return lines.join('').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'NOW');
}

test('logfmt has level, time, fields and message in one line', () => {
  expect(logged('logfmt', { job: 'a', targets: 3, fine: true })).toBe(
    'level=info time=NOW job=a targets=3 fine=true msg="something happened"\n',
  );
});

test('logfmt quotes what it must, and no value can begin a second line or field', () => {
  const line = logged('logfmt', { note: 'one\ntwo level=error "x"', tab: 'a\tb', bell: '\u0085', empty: '' });
  expect(line).toBe(
    'level=info time=NOW note="one\\ntwo level=error \\"x\\"" tab="a\\tb" bell="\\u0085" empty="" msg="something happened"\n',
  );
});

test.each(['json', 'logfmt'] as const)(
  'nothing in %s can act on a terminal or change the direction of text',
  (format) => {
    const note = 'a\u001b[2J\u007f\u009b31m\u2028\u2029\u202eb\u2066';
    const line = logged(format, { note, [note]: 1 });
    expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}](?!$)/u);
    expect(line).toContain('a\\u001b[2J\\u007f\\u009b31m\\u2028\\u2029\\u202eb\\u2066');
    expect(line.split('\n')).toHaveLength(2);
    if (format === 'json') expect(JSON.parse(line)).toMatchObject({ note });
  },
);

test('a key cannot begin another field, and lists and objects show as JSON', () => {
  const line = logged('logfmt', { 'a b="c': 1, list: [1, 'x y'], object: { deep: true }, none: null });
  expect(line).toBe(
    'level=info time=NOW a_b__c=1 list="[1,\\"x y\\"]" object="{\\"deep\\":true}" none=null msg="something happened"\n',
  );
});

test('json is one object a line', () => {
  expect(JSON.parse(logged('json', { job: 'a' }))).toEqual({
    level: 'info',
    time: 'NOW',
    job: 'a',
    msg: 'something happened',
  });
});

test('an error shows as its message with causes and code, without a stack', () => {
  const error = new ShardError('http_listen', 'cannot listen', { cause: new Error('in use') });
  expect(logged('logfmt', { error })).toContain(' error="cannot listen: in use (http_listen)" ');
});

test.each(['json', 'logfmt'] as const)('a secret does not show in %s', (format) => {
  const line = logged(format, { token: new Secret('hunter2'), deep: { token: new Secret('hunter2') } });
  expect(line).not.toContain('hunter2');
  expect(line).toContain('[secret]');
});

test('levels below the set one are not written', () => {
  const lines: string[] = [];
  const log = createLogger('warn', 'json', (line) => lines.push(line));
  log.info('no');
  log.warn('yes');
  expect(lines).toHaveLength(1);
});
