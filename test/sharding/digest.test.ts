import { describe, expect, it } from 'vitest';
import { digestGroups } from '../../src/sharding/digest.ts';

const many = (change: number): { targets: string[]; labels: Record<string, string> }[] =>
  Array.from({ length: 3000 }, (_, i) => ({
    targets: [`t${i}:1`],
    labels: { at: i === change ? 'new' : 'old' },
  }));

describe("an answer's digest", () => {
  it('is the same for an equal answer', () => {
    expect(digestGroups(many(-1))).toBe(digestGroups(many(-1)));
    expect(digestGroups([])).toBe(digestGroups([]));
  });

  it.each([0, 1023, 1024, 2999])('differs when group %i does', (change) => {
    expect(digestGroups(many(change))).not.toBe(digestGroups(many(-1)));
  });

  it('differs when a group is missing or a target is in another group', () => {
    expect(digestGroups(many(-1).slice(1))).not.toBe(digestGroups(many(-1)));
    const both = [
      { targets: ['a:1'], labels: {} },
      { targets: ['b:1'], labels: {} },
    ];
    expect(digestGroups([{ targets: ['a:1', 'b:1'], labels: {} }])).not.toBe(digestGroups(both));
  });
});
