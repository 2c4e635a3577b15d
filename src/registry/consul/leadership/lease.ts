/** One moment by two clocks. */
export interface Moment {
  /** Never set, but stands still while a virtual machine is suspended. */
  readonly steadyMs: number;
  /** Goes on during a suspension, but may be set. */
  readonly wallMs: number;
}

export type Now = () => Moment;

export const systemNow: Now = () => ({ steadyMs: performance.now(), wallMs: Date.now() });

/** What passed between two moments at most: by the clock that says more. */
export function passedMs(since: Moment, until: Moment): number {
  return Math.max(until.steadyMs - since.steadyMs, until.wallMs - since.wallMs);
}
