/** Milliseconds that `work` takes once. */
export function timeMs(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** The middle value; of an even number, the lower of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that the share `q` (0 to 1) of the values does not exceed. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Runs each of the works in turn, again and again, so that a slow moment of the machine meets all of them; gives the
 * times of each in milliseconds. The heap is swept before every run, and the first rounds do not count.
 */
export function alternate(
  rounds: number,
  works: Readonly<Record<string, () => void>>,
  warmUps = 3,
): Map<string, number[]> {
  const times = new Map(Object.keys(works).map((name): [string, number[]] => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      globalThis.gc?.();
      const ms = timeMs(work);
      if (round >= 0) times.get(name)?.push(ms);
    }
  }
  return times;
}
