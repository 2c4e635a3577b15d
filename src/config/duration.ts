const unitsMs = [3_600_000, 60_000, 1_000, 1] as const;

/** What a duration looks like: `500ms`, `10s`, `1h30m`; the same for editors. */
export const durationPattern = /^(?=\d)(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;

/** Milliseconds of `500ms`, `10s`, `5m`, `1h30m` (units from large to small); undefined for anything else. */
export function parseDurationMs(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  const [, ...parts] = match;
  return unitsMs.reduce((sum, unitMs, index) => sum + Number.parseInt(parts[index] ?? '0', 10) * unitMs, 0);
}

/** The shortest text that parses to `ms`. */
export function formatDuration(ms: number): string {
  const largest = unitsMs.findIndex((unitMs) => ms % unitMs === 0 && ms >= unitMs);
  const index = largest === -1 ? 2 : largest;
  return `${ms / (unitsMs[index] ?? 1)}${['h', 'm', 's', 'ms'][index]}`;
}
