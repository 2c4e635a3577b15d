/** What one run took: by the clock on the wall, and of processor time, which a busy machine inflates less. */
export interface Sample {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** Runs `work` once and adds what it took to `samples`. */
export function measure<T>(samples: Sample[], work: () => T): T {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(cpu);
  samples.push({ wallMs: performance.now() - wall, cpuMs: (user + system) / 1000 });
  return result;
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
 * Runs each of the works in turn, again and again, so that a slow moment of the machine meets all of them. The heap is
 * swept before every run, and the first rounds do not count.
 */
export function alternate(
  rounds: number,
  works: Readonly<Record<string, () => unknown>>,
  warmUps = 3,
): Map<string, Sample[]> {
  const samples = new Map(Object.keys(works).map((name): [string, Sample[]] => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    for (const [name, work] of Object.entries(works)) {
      globalThis.gc?.();
      measure(round < 0 ? [] : (samples.get(name) ?? []), work);
    }
  }
  return samples;
}
