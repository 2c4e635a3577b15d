/** When one collector took samples, by target: milliseconds since the epoch, in order. */
export type SampleTimes = ReadonlyMap<string, readonly number[]>;

/** Milliseconds since the epoch. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** The longest time in the window without a sample of the target from any of the collectors. */
export function longestGap(collectors: readonly SampleTimes[], target: string, { from, to }: Window): number {
  const times = collectors
    .flatMap((samples) => samples.get(target) ?? [])
    .filter((time) => time < to)
    .sort((some, other) => some - other);
  // A gap counts whole where it began before the window.
  const before = times.findLast((time) => time <= from) ?? from;
  const moments = [before, ...times.filter((time) => time > from), to];
  return Math.max(...moments.slice(1).map((moment, index) => moment - (moments[index] ?? moment)));
}

/** How long two of the collectors took samples of the target at the same time; 0 where one began after the other had ended. */
export function longestOverlap(
  collectors: readonly SampleTimes[],
  target: string,
  { from, to }: Window,
): number {
  const spans = collectors
    .map((samples) => (samples.get(target) ?? []).filter((time) => time >= from && time <= to))
    .flatMap((times) => {
      const [first] = times;
      const last = times.at(-1);
      return first === undefined || last === undefined ? [] : [{ first, last }];
    });
  const pairs = spans.flatMap((one, index) => spans.slice(index + 1).map((other) => [one, other] as const));
  return Math.max(
    0,
    ...pairs.map(([one, other]) => Math.min(one.last, other.last) - Math.max(one.first, other.first)),
  );
}

/** The first sample of the target after `from`; undefined where there is none. */
export function firstSample(
  collectors: readonly SampleTimes[],
  target: string,
  from: number,
): number | undefined {
  const times = collectors.flatMap((samples) => samples.get(target) ?? []).filter((time) => time > from);
  return times.length === 0 ? undefined : Math.min(...times);
}
