import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/delivery/decode-file.ts';
import { encodeFile } from '../../src/delivery/encode-file.ts';
import { canonicalGroups } from '../../src/model/canonical-groups.ts';
import { jobLabel, type TargetGroup } from '../../src/model/target-group.ts';
import { anyGroups, anyText } from '../helpers/arbitrary-groups.ts';

const anyFile = fc
  .array(
    fc.tuple(fc.oneof(fc.constantFrom('', 'node', 'mysql', '__proto__', 'constructor'), anyText), anyGroups),
    { maxLength: 4 },
  )
  .map((entries) => new Map(entries));

function text(file: Readonly<Record<string, readonly TargetGroup[]>>): string {
  return encodeFile(new Map(Object.entries(file))).toString();
}

describe('the bytes of a file', () => {
  it('are [] when there is nothing to scrape', () => {
    expect(encodeFile(new Map()).toString()).toBe('[]');
    expect(text({ node: [], mysql: [{ targets: [], labels: { env: 'prod' } }] })).toBe('[]');
  });

  it('hold one group a line, jobs and groups in order, each with the label of its job', () => {
    const file = {
      node: [
        { targets: ['b:9100', 'a:9100'], labels: { zone: 'b', env: 'prod' } },
        { targets: ['c:9100'], labels: {} },
      ],
      mysql: [{ targets: ['a:9104'], labels: { env: 'prod' } }],
    };
    expect(text(file)).toBe(
      [
        '[',
        '{"labels":{"__meta_prome_shard_job":"mysql","env":"prod"},"targets":["a:9104"]},',
        '{"labels":{"__meta_prome_shard_job":"node","env":"prod","zone":"b"},"targets":["a:9100","b:9100"]},',
        '{"labels":{"__meta_prome_shard_job":"node"},"targets":["c:9100"]}',
        ']',
        '',
      ].join('\n'),
    );
  });

  it("leave groups of nobody without a job's label", () => {
    const groups = [
      { targets: ['a:1'], labels: { env: 'prod' } },
      { targets: ['b:1'], labels: {} },
    ];
    expect(text({ '': groups })).toBe(
      '[\n{"labels":{"env":"prod"},"targets":["a:1"]},\n{"labels":{},"targets":["b:1"]}\n]\n',
    );
  });

  it('name the job once even when the getter used its label', () => {
    expect(text({ node: [{ targets: ['a:1'], labels: { [jobLabel]: 'other', env: 'x' } }] })).toBe(
      '[\n{"labels":{"__meta_prome_shard_job":"node","env":"x"},"targets":["a:1"]}\n]\n',
    );
  });

  it('are the same for the same groups in any order', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const turned = new Map([...file].reverse().map(([job, groups]) => [job, groups.toReversed()]));
        expect(encodeFile(turned).equals(encodeFile(file))).toBe(true);
      }),
    );
  });

  it('are one JSON array with a line for each group', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const bytes = encodeFile(file);
        const groups = [...file.values()].flatMap((list) => canonicalGroups(list));
        expect(JSON.parse(bytes.toString())).toHaveLength(groups.length);
        expect(bytes.toString().split('\n')).toHaveLength(groups.length === 0 ? 1 : groups.length + 3);
      }),
    );
  });

  it('hold each group once however many there are', () => {
    const groups = Array.from({ length: 5000 }, (_, index) => ({
      targets: [`host-${index}:1`],
      labels: { at: String(index).padStart(5, '0'), note: 'ü'.repeat(20) },
    }));
    expect(decodeFile(encodeFile(new Map([['node', groups]])))).toEqual({
      ok: true,
      groupsByJob: new Map([['node', groups]]),
    });
  });

  it('read back as the groups that went in', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const wanted = [...file].map(([job, groups]): [string, TargetGroup[]] => [
          job,
          [...canonicalGroups(groups)],
        ]);
        const groupsByJob = new Map(wanted.filter(([, groups]) => groups.length > 0));
        expect(decodeFile(encodeFile(file))).toEqual({ ok: true, groupsByJob });
      }),
    );
  });

  it('keep what is not ASCII as UTF-8', () => {
    expect(text({ jöb: [{ targets: ['a:1'], labels: { name: 'größe "x"\n\u{1f600}' } }] })).toBe(
      '[\n{"labels":{"__meta_prome_shard_job":"jöb","name":"größe \\"x\\"\\n\u{1f600}"},"targets":["a:1"]}\n]\n',
    );
  });
});
