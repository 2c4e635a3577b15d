import type { TargetGroup } from '../../src/model/target-group.ts';

/** Throws unless each of `targets` targets is in one of the files, once, and none in the file of the collector that is away. */
export function expectWhole(files: readonly Buffer[], targets: number, away: number | undefined): void {
  const lists = files.map((file): TargetGroup[] => JSON.parse(file.toString('utf8')));
  const loads = lists.map((groups) => groups.flatMap((group) => group.targets));
  const all = loads.flat();
  const isWhole = all.length === targets && new Set(all).size === targets;
  if (isWhole && loads.every((load, index) => (load.length === 0) === (index === away))) return;
  const found = loads.map(({ length }) => length).join(' + ');
  throw new Error(`expected ${targets} targets, none on collector ${away ?? '-'}, found ${found}`);
}
