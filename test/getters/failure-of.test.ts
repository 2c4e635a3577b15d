import { describe, expect, test } from 'vitest';
import type { ChildOutcome } from '../../src/getters/child-outcome.ts';
import { failureOf } from '../../src/getters/failure-of.ts';
import { firstOwnPlace } from '../../src/getters/stack-place.ts';

const facts = {
  targetsDir: '/p/targets',
  file: '/p/targets/a.ts',
  timeoutMs: 30_000,
  memoryLimitMb: 512,
  elapsedMs: 100,
};
const stack = 'Error: x\n    at get (/opt/other.js:1:1)\n    at async job (/p/targets/a.ts:5:7)';
const reported = (kind: 'threw' | 'unfit' | 'late', value: unknown): ChildOutcome => ({
  type: 'reported',
  kind,
  json: JSON.stringify(value),
});
const exited = { type: 'exited', code: 1, signal: null, report: undefined } as const;
const exitCall = {
  code: 3,
  stack: 'Error: exit\n    at process.exit (node:internal)\n    at f (/p/targets/a.ts:9:3)',
};

describe('what a run came to is told with place and reason', () => {
  test.each<[ChildOutcome, string, string]>([
    [reported('threw', { text: 'Error: x', stack }), 'threw', 'threw at targets/a.ts:5:7: Error: x'],
    [reported('threw', { text: 'x', stack: '' }), 'threw', 'threw at targets/a.ts: x'],
    [reported('unfit', 'it is odd'), 'invalid', 'the answer of targets/a.ts was refused: it is odd'],
    [reported('late', {}), 'timeout', 'no answer of targets/a.ts within 30s'],
    [{ type: 'timeout' }, 'timeout', 'raise getter_timeout'],
    [{ type: 'memory' }, 'memory', 'targets/a.ts used more than 512 MB of memory'],
    [{ type: 'oversize', limitBytes: 256 << 20 }, 'invalid', 'it is longer than 256 MB'],
    [{ type: 'stopped' }, 'exited', 'called off'],
    [
      { type: 'unstartable', error: new Error('EAGAIN') },
      'exited',
      'no process could be started for it: EAGAIN',
    ],
    [{ ...exited, report: exitCall }, 'exited', 'called process.exit(3) at targets/a.ts:9:3'],
    [exited, 'exited', 'the process of targets/a.ts was ended with status 1 before it answered'],
    [{ ...exited, signal: 'SIGKILL' }, 'exited', 'was ended by SIGKILL'],
  ])('%j', (outcome, reason, message) => {
    const failure = failureOf(outcome, facts);
    expect(failure.reason).toBe(reason);
    expect(failure.message).toContain(message);
  });

  test('an end after the time was up is a timeout', () => {
    expect(failureOf(exited, { ...facts, elapsedMs: 30_000 }).reason).toBe('timeout');
    expect(failureOf(exited, { ...facts, elapsedMs: 29_999 }).reason).toBe('exited');
  });
});

describe('the place in a stack', () => {
  test.each([
    ['    at f (/p/targets/a.ts:5:7)', '/p/targets/a.ts', 5, 7],
    ['    at /p/targets/lib/b.ts:15:2', '/p/targets/lib/b.ts', 15, 2],
    ['    at async Promise.all (index 0)\n    at async f (/p/targets/a.ts:5:7)', '/p/targets/a.ts', 5, 7],
    ['    at async /p/targets/a.ts:5:7', '/p/targets/a.ts', 5, 7],
    ['    at f (file:///p/targets/with%20space.ts:5:7)', '/p/targets/with space.ts', 5, 7],
    ['    at new X (/p/targets/a (copy).ts:5:7)', '/p/targets/a (copy).ts', 5, 7],
    [
      '    at g (/p/targets/node_modules/x/i.js:1:1)\n    at f (/p/targets/a.ts:2:3)',
      '/p/targets/a.ts',
      2,
      3,
    ],
    ['    at g (/p/src/x.ts:1:1)\n    at f (/p/targets/a.ts:2:3)', '/p/targets/a.ts', 2, 3],
  ])('%s', (text, file, line, column) => {
    expect(firstOwnPlace(`Error: at (/p/targets/no.ts) 1:2\n${text}`, '/p/targets')).toEqual({
      file,
      line,
      column,
    });
  });

  test.each([
    '',
    'Error: x',
    '    at f (node:internal/x:1:2)',
    '    at f (/p/targets2/a.ts:1:2)',
    '    at f (file://h/x:1:2)',
    '    at file:///p/targets/a%2fb.ts:1:2',
    '    at file:///p/targets/%E0%A4%A:1:2',
  ])('is none in %j', (text) => {
    expect(firstOwnPlace(text, '/p/targets')).toBeUndefined();
  });

  test('is found behind text that looks like frames, and not among lines too long for one', () => {
    const odd = ['    at file:///a%2fb:1:1', `    at ${' ('.repeat(4000)}/p/targets/no.ts:1:1`];
    const text = ['Error: x', ...odd, '    at f (/p/targets/a.ts:5:7)'].join('\n');
    expect(firstOwnPlace(text, '/p/targets')).toEqual({ file: '/p/targets/a.ts', line: 5, column: 7 });
  });
});
