import { hostPort } from '../../model/collector.ts';
import { messageOf } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Floor } from '../floor.ts';
import type { PoolKeeper } from '../pool-keeper.ts';
import type { Pool } from '../pool-set.ts';
import type { ConsulEntry, ServiceAnswer } from './consul-answers.ts';
import type { ConsulClient } from './consul-client.ts';
import type { ConsulLeavers } from './create-leavers.ts';
import { readPool } from './read-pool.ts';
import type { Registrar } from './registrar.ts';
import { registrationsOf } from './registration.ts';
import { sharpen } from './sharpen-sighting.ts';
import { watchService } from './watch-service.ts';

export interface ConsulPoolOptions {
  readonly job: Job;
  readonly keeper: PoolKeeper;
  readonly registrar: Registrar;
  readonly leavers: ConsulLeavers;
  /** Why the last registration under this id failed. */
  readonly problem: (id: string) => string | undefined;
  readonly open: () => Promise<ConsulClient>;
  readonly waitMs: number;
  readonly floor: Floor;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly watchFailed: (job: string) => void;
}

export interface ConsulPool extends Pool {
  readonly leavers: ConsulLeavers;
  /** Looks again at the last answer, with what the registrar knows by now. */
  lookAgain(): void;
  awaiting(): boolean;
}

/** The pool of one job: what Consul last answered, read with what the agent says of checks that have not run yet. */
export function createConsulPool(options: ConsulPoolOptions): ConsulPool {
  const { keeper, registrar, leavers, log } = options;
  let { job } = options;
  let entries: readonly ConsulEntry[] | undefined;
  let failing = false;
  const strangers = createStrangers(log);

  function look(): void {
    if (entries === undefined) return;
    const { sightings, ignored } = readPool(job, entries);
    leavers.saw(job, entries);
    strangers.saw(job.name, withoutLeavers(ignored, leavers));
    keeper.saw(sightings.map((sighting) => sharpen(job.name, sighting, registrar.check, options.problem)));
  }

  function seen(answer: ServiceAnswer, fresh: boolean): void {
    if (failing) log.info({ job: job.name }, 'watch in Consul works again');
    failing = false;
    if (fresh) registrar.forgetChecks();
    entries = answer.entries;
    look();
    if (fresh || missesOne(job, answer.entries, options.problem)) registrar.nudge();
  }

  function failed(error: unknown): void {
    if (!failing) log.warn({ job: job.name, error }, 'watch in Consul failed');
    failing = true;
    entries = undefined;
    options.watchFailed(job.name);
    keeper.failed(messageOf(error));
  }

  return {
    leavers,
    view: keeper.view,
    awaiting: keeper.awaiting,
    lookAgain: look,
    failed: keeper.failed,
    update(next) {
      job = next;
      keeper.refit(next);
      // What the config just took out stands there until it is deregistered: no news to whoever took it out.
      if (entries !== undefined) strangers.expect(readPool(next, entries).ignored);
      look();
    },
    async run(signal) {
      signal.addEventListener('abort', keeper.stop, { once: true });
      await watchService({ ...options, service: job.name, seen, failed }, signal);
    },
  };
}

/** Says of instances that are no collectors of the job, by `host:port`, why they are ignored: once each, and not of those expected. */
function createStrangers(log: Logger) {
  let known: ReadonlyMap<string, string> = new Map();
  return {
    expect(ignored: ReadonlyMap<string, string>): void {
      known = ignored;
    },
    saw(job: string, ignored: ReadonlyMap<string, string>): void {
      for (const [instance, reason] of ignored) {
        if (known.get(instance) !== reason) log.warn({ job, instance, reason }, 'instance in Consul ignored');
      }
      known = ignored;
    },
  };
}

function withoutLeavers(
  ignored: ReadonlyMap<string, string>,
  leavers: ConsulLeavers,
): ReadonlyMap<string, string> {
  const leaving = new Set(leavers.nodes().map(({ collector }) => hostPort(collector.host, collector.port)));
  return new Map([...ignored].filter(([instance]) => !leaving.has(instance)));
}

/** Whether an instance that should be registered is not there, though nothing is known to be in its way. */
function missesOne(
  job: Job,
  entries: readonly ConsulEntry[],
  problem: (id: string) => string | undefined,
): boolean {
  const ids = new Set(entries.map(({ Service }) => Service.ID));
  return registrationsOf(job).some(({ id }) => !ids.has(id) && problem(id) === undefined);
}
