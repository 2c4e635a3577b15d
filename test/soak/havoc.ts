import { setTimeout as wait } from 'node:timers/promises';
import type { Fault } from './faults.ts';
import type { Random } from './random.ts';

/** How many of each kind there were. */
export type Tally = ReadonlyMap<string, number>;

export interface HavocOptions {
  readonly faults: readonly Fault[];
  readonly random: Random;
  /** Faults that are there at once. */
  readonly most: number;
  readonly tell: (line: string) => void;
}

const mostTries = 40;

/** Makes faults at random, several at once, each on something of its own. */
export class Havoc {
  readonly #options: HavocOptions;
  readonly #tally = new Map<string, number>();
  readonly #broken = new Map<string, Promise<void>>();

  constructor(options: HavocOptions) {
    this.#options = options;
    for (const { kind } of options.faults) this.#tally.set(kind, 0);
  }

  get tally(): Tally {
    return this.#tally;
  }

  /** Goes on until `untilMs`, then resolves when everything is mended. */
  async run(untilMs: number): Promise<void> {
    const { random, most } = this.#options;
    while (Date.now() < untilMs) {
      if (this.#broken.size < most) this.#begin();
      await wait(random.between(100, 2500));
    }
    await Promise.all(this.#broken.values());
  }

  #begin(): void {
    const { faults, random } = this.#options;
    // By kind first: five hosts would else be five times as likely as one Consul.
    const free = faults.filter(({ breaks }) => !this.#broken.has(breaks));
    const kind = random.pick([...new Set(free.map((fault) => fault.kind))]);
    const fault = random.pick(free.filter((one) => one.kind === kind));
    const ended = this.#live(fault).finally(() => this.#broken.delete(fault.breaks));
    this.#broken.set(fault.breaks, ended);
  }

  async #live(fault: Fault): Promise<void> {
    const { random, tell } = this.#options;
    const lastsMs = random.between(...fault.lastsMs);
    tell(`${fault.kind} (${fault.breaks}), ${lastsMs} ms`);
    this.#tally.set(fault.kind, (this.#tally.get(fault.kind) ?? 0) + 1);
    await fault.begin();
    await wait(lastsMs);
    await this.#mend(fault);
    tell(`mended: ${fault.kind} (${fault.breaks})`);
  }
  /** A port may be taken meanwhile by somebody else on this machine, for a while. */
  async #mend(fault: Fault): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await fault.end();
        return;
      } catch (error) {
        if (tries === mostTries) throw error;
        this.#options.tell(`not mended yet: ${fault.kind} (${fault.breaks})`);
        await wait(3000);
      }
    }
  }
}
