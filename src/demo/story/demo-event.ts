/** Targets that went from one collector to another; 0 stands for none. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly targets: number;
}

/** One thing that happened. Collectors go by their number. */
export type DemoEvent =
  | { readonly type: 'killed' | 'started'; readonly collector: number }
  | { readonly type: 'died'; readonly collector: number; readonly how: string }
  | { readonly type: 'joined'; readonly collectors: readonly number[] }
  | { readonly type: 'left'; readonly collector: number; readonly reason: string }
  | { readonly type: 'moved'; readonly moves: readonly Move[] }
  /** `longestGapMs`: how long a target went unseen on the way; absent at the start. */
  | { readonly type: 'whole'; readonly targets: number; readonly longestGapMs?: number }
  | { readonly type: 'pool-kept'; readonly reason: string }
  | { readonly type: 'pool-believed' }
  | { readonly type: 'getter-failed'; readonly message: string }
  | { readonly type: 'getter-recovered' };

/** An event with its time, in milliseconds since the demo began. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: DemoEvent;
}
