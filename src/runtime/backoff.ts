export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Milliseconds before try `attempt` (from 1): doubling up to `maxMs`, between half and all of it by `random` in [0, 1). */
export function backoffMs(attempt: number, random: number, { firstMs, maxMs }: BackoffOptions): number {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round((full * (1 + random)) / 2);
}
