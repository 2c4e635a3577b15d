import type { DemoEvent, TimedEvent } from './demo-event.ts';
import { isAllWell } from './settled.ts';
import type { Snapshot } from './snapshot.ts';
import { tell } from './tell.ts';

export interface StorytellerOptions {
  readonly told: (event: TimedEvent) => void;
  /** Called when things begin to change after they were calm. */
  readonly disturbed: () => void;
}

/** Follows the snapshots and tells what happened, and when all was well again. */
export class Storyteller {
  readonly #beganMs: number;
  readonly #options: StorytellerOptions;
  #last: Snapshot;
  #calm = false;
  #wasCalm = false;

  /** `first` is what is there before anything happened. */
  constructor(first: Snapshot, options: StorytellerOptions) {
    this.#beganMs = first.atMs;
    this.#last = first;
    this.#options = options;
  }

  /** Something was done to a collector, or happened to it. */
  happened(event: Extract<DemoEvent, { collector: number }>, atMs: number): void {
    this.#tell(event, atMs);
  }

  /** Takes the next look. */
  saw(next: Snapshot): void {
    for (const event of tell(this.#last, next)) this.#tell(event, next.atMs);
    this.#last = next;
    if (!this.#calm && isAllWell(next)) this.#calmDown(next);
  }

  #calmDown({ atMs, coverage, longestGapMs }: Snapshot): void {
    const gap = this.#wasCalm ? { longestGapMs } : {};
    this.#tell({ type: 'whole', targets: coverage.total, ...gap }, atMs);
    this.#calm = true;
    this.#wasCalm = true;
  }

  #tell(event: DemoEvent, atMs: number): void {
    if (disturbs(event)) {
      if (this.#calm) this.#options.disturbed();
      this.#calm = false;
    }
    this.#options.told({ atMs: atMs - this.#beganMs, event });
  }
}

/** Whether targets may go unseen because of it. */
function disturbs({ type }: DemoEvent): boolean {
  switch (type) {
    case 'killed':
    case 'started':
    case 'died':
    case 'joined':
    case 'left':
    case 'moved':
      return true;
    case 'whole':
    case 'pool-kept':
    case 'pool-believed':
    case 'getter-failed':
    case 'getter-recovered':
      return false;
  }
}
