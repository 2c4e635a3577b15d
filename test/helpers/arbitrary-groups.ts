import fc from 'fast-check';
import { jobLabel, type Labels, type TargetGroup } from '../../src/model/target-group.ts';

/** Text with what breaks careless code: quotes, newlines, wide characters, half a surrogate pair. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('', '"', '\n', '\\', 'é', '\u{1f600}', '\ud800', 'null', '<&>'),
);

const labelName = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'toString', 'toJSON', 'env', 'b', 'a', '1', '0', 'length'),
  anyText,
);

/** Label sets with own names of every kind, from few enough values that some are equal. */
export const anyLabels: fc.Arbitrary<Labels> = fc
  .array(fc.tuple(labelName, fc.oneof(fc.constantFrom('1', '2'), anyText)), { maxLength: 4 })
  .map((entries): Labels => Object.fromEntries(entries.filter(([name]) => name !== jobLabel)));

/** `host:port` from few enough hosts that some come twice. */
export const anyTarget = fc
  .tuple(fc.nat(40), fc.constantFrom(9100, 9114))
  .map(([host, port]) => `10.0.0.${host}:${port}`);

/** What a getter may answer: equal label sets, repeated targets and empty groups among it. */
export const anyGroups: fc.Arbitrary<TargetGroup[]> = fc.array(
  fc.record({ targets: fc.array(anyTarget, { maxLength: 4 }), labels: anyLabels }),
  { maxLength: 12 },
);

/** Each target with its labels as one text, in the groups' order. */
export function pairsOf(groups: readonly TargetGroup[]): string[] {
  return groups.flatMap(({ targets, labels }) => {
    const entries = Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return targets.map((target) => JSON.stringify([target, entries]));
  });
}
