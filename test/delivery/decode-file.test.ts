import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFile, mostValues } from '../../src/delivery/decode-file.ts';

const decode = (text: string): ReturnType<typeof decodeFile> => decodeFile(Buffer.from(text));

describe('reading a file that a collector holds', () => {
  it('gives the groups by their job, and those of nobody under the empty name', () => {
    const read = decode(
      '[{"targets":["b:1","a:1"],"labels":{"env":"x","__meta_prome_shard_job":"node"}},' +
        '{"labels":{"env":"y"},"targets":["c:1"]},{"targets":["d:1"],"labels":{"__meta_prome_shard_job":"node"}}]',
    );
    const groupsByJob = new Map([
      [
        'node',
        [
          { targets: ['b:1', 'a:1'], labels: { env: 'x' } },
          { targets: ['d:1'], labels: {} },
        ],
      ],
      ['', [{ targets: ['c:1'], labels: { env: 'y' } }]],
    ]);
    expect(read).toEqual({ ok: true, groupsByJob });
  });

  it('takes what Prometheus takes: white space, no labels, null for a missing part', () => {
    expect(decode(' [ ]\n')).toEqual({ ok: true, groupsByJob: new Map() });
    expect(decode('[{"targets":["a:1"]},{"targets":null,"labels":null}]')).toEqual({
      ok: true,
      groupsByJob: new Map([
        [
          '',
          [
            { targets: ['a:1'], labels: {} },
            { targets: [], labels: {} },
          ],
        ],
      ]),
    });
  });

  it('keeps labels and jobs that are named like members of every object', () => {
    const read = decode(
      '[{"targets":["a:1"],"labels":{"__proto__":"p","__meta_prome_shard_job":"__proto__"}}]',
    );
    expect(read.ok && Object.entries(read.groupsByJob.get('__proto__')?.[0]?.labels ?? {})).toEqual([
      ['__proto__', 'p'],
    ]);
    expect(Object.prototype).not.toHaveProperty('p');
  });

  it.each([
    ['', 'expected a JSON list of target groups: Unexpected end of JSON input'],
    ['[{"targets":', 'expected a JSON list of target groups: Unexpected end of JSON input'],
    ['- targets: [a]', /^expected a JSON list of target groups: /],
    ['\ufeff[]', /^expected a JSON list of target groups: Unexpected token/],
    ['{}', 'expected a JSON list of target groups, got an object'],
    ['null', 'expected a JSON list of target groups, got null'],
    ['"[]"', 'expected a JSON list of target groups, got a string'],
    ['[{"targets":[]},null]', 'group 2: expected an object with targets and labels, got null'],
    ['[[]]', 'group 1: expected an object with targets and labels, got a list'],
    ['[{"target":[]}]', 'group 1: expected targets and labels only, got the key "target"'],
    ['[{"targets":[],"__proto__":{}}]', 'group 1: expected targets and labels only, got the key "__proto__"'],
    ['[{"targets":"a:1"}]', 'group 1: expected targets to be a list of strings'],
    ['[{"targets":["a:1",1]}]', 'group 1: expected targets to be a list of strings'],
    ['[{"targets":[],"labels":{"a":1}}]', 'group 1: expected labels to be an object of strings'],
    ['[{"targets":[],"labels":["a"]}]', 'group 1: expected labels to be an object of strings'],
  ])('refuses %j and says why', (text, message) => {
    const expected: unknown = typeof message === 'string' ? message : expect.stringMatching(message);
    expect(decode(text)).toEqual({ ok: false, message: expected });
  });

  it('refuses bytes that are not UTF-8', () => {
    const read = decodeFile(Buffer.from([0x5b, 0x22, 0xff, 0x22, 0x5d]));
    expect(read).toEqual({ ok: false, message: expect.stringContaining('not valid for encoding utf-8') });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => Buffer.from(text)),
        ),
        (bytes) => {
          expect(typeof decodeFile(bytes).ok).toBe('boolean');
        },
      ),
    );
  });

  it.each([
    ['lists', '[],'],
    ['objects', '{},'],
    ['texts', '"",'],
  ])('is given up before it is parsed where so many %s would fill the memory', (_, item) => {
    const bytes = Buffer.alloc((mostValues + 2) * item.length, item);
    expect(decodeFile(bytes)).toEqual({
      ok: false,
      message: 'expected at most 16777216 groups, labels and targets, got more',
    });
  });
});
