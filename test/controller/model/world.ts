import type { GetterRunner } from '../../../src/controller/getting/getter-loop.ts';
import type { GetterAnswer } from '../../../src/model/getter.ts';
import type { PoolView } from '../../../src/model/pool.ts';
import { createLogger, type Logger } from '../../../src/runtime/logger.ts';
import { whenAborted } from '../../../src/runtime/when-aborted.ts';
import { collectorOf } from '../../helpers/sample-job.ts';
import { Beliefs } from './beliefs.ts';
import { CollectorDouble } from './collector-double.ts';
import { ConfigDouble, jobNames } from './config-double.ts';
import { keysOf } from './file-keys.ts';
import { Lead } from './leadership-double.ts';
import { Life } from './life.ts';
import { newController } from './new-controller.ts';
import type { Write } from './reach.ts';
import { type Setup, timeoutMs } from './setup.ts';
import { Source } from './source.ts';
import { type Sight, sightOf, strew } from './strew.ts';
import { Timeline } from './timeline.ts';
import { Witness } from './witness.ts';

/** Everything around the controllers, in memory and in virtual time. */
export class World {
  readonly setup: Setup;
  readonly timeline = new Timeline(() => this.#look());
  readonly collectors: readonly CollectorDouble[];
  readonly config: ConfigDouble;
  readonly sources: ReadonlyMap<string, Source>;
  readonly witness: Witness;
  readonly lead: Lead;
  /** The processes that run or are suspended. */
  lives: Life[] = [];
  /** When the config last changed. */
  configuredAt = 0;
  /** Writes that were begun. */
  writes = 0;
  /** What happened, where somebody wants to read it. */
  readonly story: string[] | undefined;
  readonly #beliefs: Beliefs;
  readonly #started = new Map<Life, Sight>();
  #lifeCount = 0;

  constructor(setup: Setup, story?: string[]) {
    this.setup = setup;
    this.story = story;
    const { timeline } = this;
    this.collectors = ['a', 'b', 'c', 'd'].slice(0, setup.collectors).map(
      (name): CollectorDouble =>
        new CollectorDouble(name, {
          timeline,
          takesUpMs: setup.takesUpMs,
          isSick: (key) => key.endsWith(' t3:1'),
          dropped: (keys) => this.witness.dropped(this.collector(name), keys),
        }),
    );
    this.config = new ConfigDouble(
      setup,
      this.collectors.map(({ name }) => name),
    );
    this.sources = new Map(jobNames.map((job) => [job, new Source(job, setup.targets)]));
    const handoff = { mode: setup.mode, timeoutMs };
    this.witness = new Witness({ timeline, collectors: this.collectors, handoff });
    this.lead = new Lead(timeline, () => this.lives);
    this.#beliefs = new Beliefs({
      witness: this.witness,
      lead: this.lead,
      readable: (life, job) => {
        const started = this.#started.get(life);
        return started?.readable === true ? started.counts.get(job) : undefined;
      },
    });
    this.#begin();
    if (setup.tickMs > 0) this.#tick();
  }

  collector(name: string): CollectorDouble {
    const found = this.collectors.find((collector) => collector.name === name);
    if (found === undefined) throw new Error(`expected a collector of the world, got ${name}`);
    return found;
  }

  source(job: string): Source {
    const found = this.sources.get(job);
    if (found === undefined) throw new Error(`expected a job of the world, got ${job}`);
    return found;
  }

  /** Starts a controller. */
  start(): Life {
    const life = new Life(`controller ${++this.#lifeCount}`, this.timeline);
    this.#started.set(life, sightOf(this));
    life.controller = newController(life, {
      jobs: this.config.jobs(),
      log: this.#logOf(life),
      leadership: this.lead.of(life),
      pool: (job) => this.#pool(life, job),
      getters: this.#gettersOf(life),
      collector: (name) => this.collector(name),
      writes: (collector, path, bytes) => this.#write(life, collector, path, bytes),
    });
    this.lives.push(life);
    life.controller.start();
    life.after(this.setup.poolAfterMs, () => this.#poolChanged([life]));
    this.lead.electSoon(1000);
    return life;
  }

  /** A suspended controller goes on, and may lead where nobody does. */
  resume(life: Life): void {
    life.resume();
    this.lead.electSoon(1000);
  }

  /** The pools changed, and every process is told. */
  poolChanged(): void {
    this.#poolChanged(this.lives);
  }

  /** Something is wrong with a file or a pool: what a process reads at its start may not be all. */
  trouble(): void {
    for (const [life, { counts }] of this.#started) this.#started.set(life, { readable: false, counts });
  }

  configChanged(): void {
    this.configuredAt = this.timeline.now();
    for (const job of jobNames) {
      if (this.config.jobNames.includes(job)) continue;
      this.#beliefs.forget(job);
      this.witness.protect(job, []);
    }
    for (const life of this.lives) {
      life.mayThinkAnew = true;
      for (const job of jobNames) if (!this.config.jobNames.includes(job)) life.given.delete(job);
      life.controller.reconfigure(this.config.jobs(), this.#gettersOf(life));
    }
    this.poolChanged();
  }

  sync(job: string): void {
    for (const life of this.lives) if (life.state === 'runs') life.controller.sync(job);
  }

  /** A person lets through what the guard holds. */
  accept(job: string): void {
    for (const life of this.lives) {
      if (life.state !== 'runs') continue;
      life.accepted.add(job);
      life.mayThinkAnew = true;
      if (life.controller.accept(job).result !== 'accepted') life.accepted.delete(job);
    }
  }

  tell(line: string): void {
    this.story?.push(`${((this.timeline.now() - 1_700_000_000_000) / 1000).toFixed(3)} ${line}`);
  }

  #look(): void {
    for (const life of this.lives) {
      if (!life.mayThinkAnew) continue;
      const jobs = this.config.jobNames.map((job) => this.#beliefs.look(life, job));
      // Before a getter's answer is in force, time alone may change what is.
      life.mayThinkAnew = jobs.includes('not from the getter');
    }
  }

  #poolChanged(lives: readonly Life[]): void {
    for (const life of lives) for (const job of this.config.jobNames) life.controller.poolChanged(job);
  }

  #pool(life: Life, job: string): PoolView {
    if (this.timeline.now() - life.startedAt < this.setup.poolAfterMs)
      return { state: 'pending', reason: 'not asked yet' };
    const named = this.config.named(job);
    const members = named.filter((name) => this.collector(name).listed).map(collectorOf);
    const absent = named
      .filter((name) => !this.collector(name).listed)
      .map((name) => ({ collector: collectorOf(name), reason: 'down' }));
    return { state: 'known', members, absent };
  }

  #gettersOf(life: Life): GetterRunner {
    return { run: ({ name }, signal) => this.#get(life, name, signal) };
  }

  #get(life: Life, job: string, signal: AbortSignal): Promise<GetterAnswer> {
    return new Promise((resolve) => {
      const source = this.source(job);
      const off = whenAborted(signal, () =>
        resolve({ ok: false, reason: 'exited', message: 'called off', durationMs: 1 }),
      );
      life.after(this.setup.getterMs, () => {
        off();
        life.mayThinkAnew = true;
        const answer = source.answer();
        if (answer.ok) {
          const targets = source.targets();
          this.witness.answered(job, targets);
          life.given.set(job, [...(life.given.get(job) ?? []), targets]);
        }
        resolve(answer);
      });
    });
  }

  #write(life: Life, collector: CollectorDouble, path: string, bytes: Buffer): Write {
    this.writes++;
    this.tell(`${life.name} begins to write ${path}: ${[...keysOf(bytes).keys()].join(', ')}`);
    if (!life.believesItLeads && this.timeline.now() - life.ledAt > 60_000)
      this.witness.tell(`${life.name} writes to ${collector.name}, and has not led for a minute`);
    const begun = this.witness.begins();
    return {
      passed: () => {
        if (this.lead.leader !== life)
          this.witness.tell(`${life.name} writes to ${collector.name} without the lead`);
      },
      act: () => {
        this.tell(`${path} is replaced`);
        this.witness.lands(collector, path, bytes, begun);
      },
    };
  }

  #begin(): void {
    for (const job of this.config.jobNames) this.witness.protect(job, this.source(job).targets().keys());
    strew(this);
  }

  #tick(): void {
    for (const job of this.config.jobNames) this.sync(job);
    this.timeline.after(this.setup.tickMs, () => this.#tick());
  }

  #logOf(life: Life): Logger {
    return createLogger(this.story === undefined ? 'error' : 'info', 'logfmt', (line) => {
      if (line.includes('met a bug') && life.state !== 'dead')
        this.witness.tell(`${life.name}: ${line.trim()}`);
      this.tell(`  ${life.name}: ${line.trim().replace(/^level=\S+ time=\S+ /, '')}`);
    });
  }
}
