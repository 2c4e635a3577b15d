import { ShardError } from '../../../src/model/errors.ts';
import type { Leadership } from '../../../src/registry/leadership.ts';
import type { Life } from './life.ts';
import type { Timeline } from './timeline.ts';

/** Nobody leads for so long after a leader was lost. */
const electsAfterMs = 5000;

/** Who of the processes leads: at most one, and the first that can where nobody does for a while. */
export class Lead {
  readonly #timeline: Timeline;
  readonly #lives: () => readonly Life[];
  #leader: Life | undefined;
  #since = 0;

  constructor(timeline: Timeline, lives: () => readonly Life[]) {
    this.#timeline = timeline;
    this.#lives = lives;
  }

  get leader(): Life | undefined {
    return this.#leader;
  }

  /** Since when the leader leads. */
  get since(): number {
    return this.#since;
  }

  /** A process that loses the lead learns so `lagMs` later; at its next step it is refused all the same. */
  give(to: Life | undefined, lagMs: number): void {
    const before = this.#leader;
    if (before === to) return;
    this.#leader = to;
    this.#since = this.#timeline.now();
    if (to !== undefined) to.mayThinkAnew = true;
    if (before !== undefined && before.state !== 'dead') {
      before.ledAt = this.#timeline.now();
      before.after(lagMs, () => this.#tell(before));
    }
    if (to === undefined) this.electSoon(electsAfterMs);
    else this.#tell(to);
  }

  electSoon(ms: number): void {
    this.#timeline.after(ms, () => {
      if (this.#leader === undefined)
        this.give(
          this.#lives().find(({ state }) => state === 'runs'),
          0,
        );
    });
  }

  of(life: Life): Leadership {
    return {
      start: () => undefined,
      view: () => (life.believesItLeads ? { leads: true } : { leads: false, reason: 'another leads' }),
      assertLeads: () => {
        if (this.#leader !== life) throw new ShardError('not_leading', 'expected to lead, another does');
      },
      stop: async () => undefined,
    };
  }

  #tell(life: Life): void {
    const leads = this.#leader === life;
    if (life.state === 'dead' || life.believesItLeads === leads) return;
    life.believesItLeads = leads;
    life.controller.leadChanged();
  }
}
