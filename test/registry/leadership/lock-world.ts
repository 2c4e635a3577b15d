import { Campaign } from '../../../src/registry/consul/leadership/campaign.ts';
import { createLead, type Lead } from '../../../src/registry/consul/leadership/lead.ts';
import type { LockClient } from '../../../src/registry/consul/leadership/lock-client.ts';
import { whenAborted } from '../../../src/runtime/when-aborted.ts';
import { settled } from '../virtual-clock.ts';
import { SimulatedConsul, ttlMs } from './simulated-consul.ts';

const callLimitMs = 2500;

/** One controller of the model: a process that may be stopped, woken, killed, or have its clock set. */
export interface Process {
  readonly name: string;
  readonly lead: Lead;
  alive: boolean;
  /** Nothing of it runs until it is woken. */
  suspended: boolean;
  wallOffMs: number;
  /** What its steady clock missed while its machine was suspended. */
  missedMs: number;
  suspendedAt: number;
  readonly backlog: (() => void)[];
  readonly campaign: Campaign;
  readonly stopping: AbortController;
}

interface Event {
  readonly atMs: number;
  readonly run: () => void;
}

/** A Consul with one lock and controllers that stand for it, in virtual time and with chance from outside. */
export class LockWorld {
  readonly processes: Process[] = [];
  readonly consul: SimulatedConsul;
  /** When and who, of moments in which two led. */
  readonly violations: string[] = [];
  reachable = true;
  /** Until then somebody's request for the lock may be on its way. */
  acquiringUntilMs = 0;
  /** When the key was last removed. */
  removedAtMs = -1e9;
  /** Calls are neither slow nor lost. */
  calm = true;
  #nowMs = 0;
  readonly #queue: Event[] = [];
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
    this.consul = new SimulatedConsul({ random, now: () => this.#nowMs, changed: () => this.#changed() });
  }

  start(): Process {
    const name = `p${this.processes.length}`;
    const stopping = new AbortController();
    const clock = {
      now: () => this.#nowMs - process.missedMs,
      wall: (at: number) => new Date(at),
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          const off =
            signal === undefined ? () => undefined : whenAborted(signal, () => reject(signal.reason));
          this.#at(ms, () =>
            this.#within(process, () => {
              off();
              resolve();
            }),
          );
        }),
    };
    const now = () => ({
      steadyMs: this.#nowMs - process.missedMs,
      wallMs: this.#nowMs + process.wallOffMs,
    });
    const lead = createLead({ ttlMs, now, clock, changed: () => undefined });
    const campaign = new Campaign({
      ...{ lead, ttlMs, now, clock, random: this.#random },
      open: async () => this.#client(process),
      text: () => JSON.stringify({ controller: name, jobs: [], since: '' }),
      isDead: async ({ controller }) => this.processes.some((one) => one.name === controller && !one.alive),
      floor: async () => undefined,
      ...{ saw: () => undefined, freed: () => undefined, worked: () => undefined, failed: () => undefined },
    });
    const process: Process = {
      ...{ name, lead, campaign, stopping, alive: true, suspended: false },
      ...{ wallOffMs: 0, missedMs: 0, suspendedAt: 0, backlog: [] },
    };
    this.processes.push(process);
    void campaign.run(stopping.signal).catch(() => undefined);
    return process;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets time pass, and looks after everything that happens whether two lead. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
      await settled();
      this.#look();
    }
    this.#nowMs = untilMs;
    this.#look();
  }

  leaders(): readonly string[] {
    const running = this.processes.filter(({ alive, suspended }) => alive && !suspended);
    return running.filter(({ lead }) => lead.leads()).map(({ name }) => name);
  }

  suspend(process: Process): void {
    if (process.suspended) return;
    process.suspended = true;
    process.suspendedAt = this.#nowMs;
  }

  /** `machine`: it was the machine that slept, and its steady clock with it. */
  wake(process: Process, machine: boolean): void {
    if (!process.suspended) return;
    if (machine) process.missedMs += this.#nowMs - process.suspendedAt;
    process.suspended = false;
    for (const run of process.backlog.splice(0)) run();
  }

  kill(process: Process): void {
    process.alive = false;
    process.stopping.abort();
  }

  /** SIGTERM: hands over. */
  async stop(process: Process): Promise<void> {
    if (!process.alive || process.suspended) return;
    process.stopping.abort();
    process.alive = false;
    const resigned = process.campaign.resign(new AbortController().signal);
    await this.pass(callLimitMs * 2);
    await resigned;
  }

  #look(): void {
    const all = this.leaders();
    if (all.length > 1) this.violations.push(`${this.#nowMs}: ${all.join(' and ')}`);
  }

  #next(untilMs: number): Event | undefined {
    const [first] = this.#queue;
    return first !== undefined && first.atMs <= untilMs ? this.#queue.shift() : undefined;
  }

  #at(ms: number, run: () => void): void {
    const atMs = this.#nowMs + ms;
    const later = this.#queue.findIndex((one) => one.atMs > atMs);
    this.#queue.splice(later < 0 ? this.#queue.length : later, 0, { atMs, run });
  }

  #within(process: Process, run: () => void): void {
    if (process.suspended) process.backlog.push(run);
    else run();
  }

  #client(process: Process): LockClient {
    const call = <T>(apply: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const [there, back] = [this.#latencyMs(), this.#latencyMs()];
        const lost = !this.calm && this.#random() < 0.05;
        this.#at(there, () => {
          if (!this.reachable) return;
          this.consul.expire();
          const answer = attempt(apply);
          if (!lost) this.#at(back, () => this.#within(process, () => answer.then(resolve, reject)));
        });
        this.#at(callLimitMs, () => this.#within(process, () => reject(new Error('no answer'))));
      });
    const { consul } = this;
    return {
      create: () => call(() => consul.create()),
      renew: (session) => call(() => consul.renew(session)),
      destroy: (session) => call(() => consul.end(session)),
      isForLock: () => call(() => true),
      read: () => call(() => ({ index: 1n, lock: consul.shown() })),
      watch: () => new Promise(() => undefined),
      acquire: (session, text) => {
        this.acquiringUntilMs = this.#nowMs + callLimitMs;
        return call(() => consul.acquire(session, text));
      },
      release: (session, text) => call(() => consul.release(session, text)),
      close: () => undefined,
    };
  }

  #latencyMs(): number {
    return Math.round(!this.calm && this.#random() < 0.1 ? this.#random() * 2400 : this.#random() * 20);
  }

  /** Each process hears of a change sooner or later, or not at all. */
  #changed(): void {
    for (const process of this.processes) {
      const hear = () => this.#within(process, () => process.campaign.nudge());
      if (this.calm || this.#random() < 0.8) this.#at(this.#latencyMs(), hear);
    }
  }
}

/** The answer or the error of Consul, which is on its way from now on. */
function attempt<T>(apply: () => T): Promise<T> {
  const answer = new Promise<T>((resolve) => resolve(apply()));
  answer.catch(() => undefined);
  return answer;
}
