import type { Controller } from '../../../src/controller/controller.ts';
import type { Clock } from '../../../src/runtime/clock.ts';
import { whenAborted } from '../../../src/runtime/when-aborted.ts';
import type { Timeline } from './timeline.ts';

/** What a getter answered a controller: the labels (as JSON) of each target. */
export type Targets = ReadonlyMap<string, string>;

/** One process of the controller, from its start to its end; what it does can be stopped at any point. */
export class Life {
  readonly name: string;
  readonly startedAt: number;
  /** What each job's getter answered it, in order. */
  readonly given = new Map<string, Targets[]>();
  /** Jobs whose held answer a person let through. */
  readonly accepted = new Set<string>();
  /** Whatever can happen to a call that is under way, by what is to happen to it at the process' end. */
  readonly calls = new Set<{ end(inFlight: 'lost' | 'lands'): void }>();
  state: 'runs' | 'suspended' | 'dead' = 'runs';
  /** Whether something happened that may have changed what it has in force. */
  mayThinkAnew = true;
  /** When it last led. */
  ledAt = Number.NEGATIVE_INFINITY;
  /** What it thinks of the lead: it may learn late that it lost it. */
  believesItLeads = false;
  readonly #timeline: Timeline;
  readonly #sleeps = new Set<object>();
  #deferred: (() => void)[] = [];
  #controller: Controller | undefined;

  constructor(name: string, timeline: Timeline) {
    this.name = name;
    this.#timeline = timeline;
    this.startedAt = timeline.now();
  }

  get controller(): Controller {
    if (this.#controller === undefined) throw new Error(`expected ${this.name} to have a controller`);
    return this.#controller;
  }

  set controller(controller: Controller) {
    this.#controller = controller;
  }

  /** Sleeps under way. */
  get sleeping(): number {
    return this.#sleeps.size;
  }

  /** The process' own time: while it is suspended nothing happens, and then all at once. */
  after(ms: number, run: () => void): () => void {
    let off = false;
    const due = () => {
      if (off || this.state === 'dead') return;
      if (this.state === 'suspended') this.#deferred.push(due);
      else run();
    };
    const cancel = this.#timeline.after(ms, due);
    return () => {
      off = true;
      cancel();
    };
  }

  readonly clock: Clock = {
    now: () => this.#timeline.now(),
    wall: (at) => new Date(at),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleep = {};
        const end = (settle: () => void) => {
          this.#sleeps.delete(sleep);
          settle();
        };
        this.#sleeps.add(sleep);
        const cancel = this.after(ms, () => {
          off();
          end(resolve);
        });
        const aborted = () => {
          cancel();
          end(() => reject(signal?.reason));
        };
        const off = signal === undefined ? () => undefined : whenAborted(signal, aborted);
      }),
  };

  suspend(): void {
    if (this.state === 'runs') this.state = 'suspended';
  }

  resume(): void {
    if (this.state !== 'suspended') return;
    this.state = 'runs';
    for (const run of this.#deferred.splice(0)) run();
  }

  /** Ends it as SIGKILL does. Its calls under way are lost, or do at the last moment what they were made for. */
  async kill(inFlight: 'lost' | 'lands'): Promise<void> {
    for (const call of [...this.calls]) call.end(inFlight);
    this.state = 'dead';
    // Nothing that it does reaches anybody now; this only ends its timers.
    await this.controller.stop();
  }
}
