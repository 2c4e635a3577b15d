/** Chance that is the same for the same seed. */
export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** A whole number of milliseconds between both, or any other whole number. */
  between(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  /** So many of them, in any order. */
  some<T>(from: readonly T[], count: number): readonly T[];
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(from: readonly T[]): T => {
    const found = from[between(0, from.length - 1)];
    if (found === undefined) throw new Error('expected something to pick from');
    return found;
  };
  return {
    next,
    between,
    pick,
    some(from, count) {
      const left = [...from];
      const taken = Array.from({ length: Math.min(count, from.length) }, () => {
        const [one] = left.splice(between(0, left.length - 1), 1);
        return one === undefined ? [] : [one];
      });
      return taken.flat();
    },
  };
}
