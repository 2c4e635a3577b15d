import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { Controller } from '../../src/controller/controller.ts';
import { createControllerMetrics } from '../../src/controller/metrics.ts';
import { createLocalTransport } from '../../src/delivery/local/local-transport.ts';
import { createDeliveryMetrics } from '../../src/delivery/metrics.ts';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { createGetterMetrics } from '../../src/getters/getter-metrics.ts';
import { ShardError } from '../../src/model/errors.ts';
import type { GetterAnswer } from '../../src/model/getter.ts';
import type { CollectorNode, Job } from '../../src/model/job.ts';
import type { PoolView } from '../../src/model/pool.ts';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createMetrics } from '../../src/runtime/metrics.ts';
import { collectorOf, sampleJob } from '../helpers/sample-job.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import type { HandClock } from './hand-clock.ts';
import { handLeadership } from './hand-leadership.ts';

/** A controller over real files, whose pools and answers the test sets by hand. */
export async function smallWorld(
  jobsIn: (dir: string) => readonly Job[],
  mode: 'loop' | 'once' = 'loop',
  clock: Clock | HandClock = systemClock,
) {
  const dir = await tempFolder('controller');
  const pools = new Map<string, PoolView>();
  const leavers = new Map<string, readonly CollectorNode[]>();
  const letGo: string[] = [];
  const answers = new Map<string, GetterAnswer | Promise<GetterAnswer>>();
  const logged: string[] = [];
  const log = createLogger('debug', 'logfmt', (line) => logged.push(line));
  const registry = createMetrics('0.0.0');
  const transport: { current: Transport } = { current: createLocalTransport({ log }) };
  const runs: string[] = [];
  const getters = {
    run: async ({ name }: Pick<Job, 'name'>): Promise<GetterAnswer> => {
      runs.push(name);
      return await (answers.get(name) ?? failed('no answer was set'));
    },
  };
  const scraping = new Map<string, ReadonlySet<string> | ShardError>();
  const asks: string[] = [];
  const seen = async ({ collector }: Place, addresses: ReadonlySet<string>) => {
    asks.push(collector.name);
    const targets = scraping.get(collector.name);
    if (targets instanceof ShardError) throw targets;
    return new Set([...addresses].filter((address) => targets?.has(address) === true));
  };
  const leadership = handLeadership();
  const controller = new Controller({
    jobs: jobsIn(dir),
    mode,
    log,
    getters,
    clock,
    random: () => 0,
    registry: {
      start: () => undefined,
      reconfigure: () => undefined,
      pool: (job) => pools.get(job) ?? { state: 'pending', reason: 'not set' },
      leavers: (job) => leavers.get(job) ?? [],
      letGo: (job, { name }) => {
        letGo.push(name);
        leavers.set(
          job,
          (leavers.get(job) ?? []).filter(({ collector }) => collector.name !== name),
        );
      },
      goodbyes: () => 0,
      stop: async () => undefined,
    },
    transports: { for: () => transport.current },
    scrapeCheck: { scraped: async (place, addresses) => await seen(place, addresses) },
    leadership,
    metrics: createControllerMetrics(registry),
    deliveryMetrics: createDeliveryMetrics(registry),
    getterMetrics: createGetterMetrics(registry),
  });
  return {
    dir,
    controller,
    logged,
    runs,
    getters,
    transport,
    /** What each collector's Prometheus is seen to scrape, or why it cannot be asked. */
    scraping,
    /** Who was asked what it scrapes, in order. */
    asks,
    leadership,
    answer: (job: string, answer: GetterAnswer | Promise<GetterAnswer>) => void answers.set(job, answer),
    pool(job: string, ...hosts: string[]) {
      pools.set(job, { state: 'known', members: hosts.map(collectorOf), absent: [] });
      controller.poolChanged(job);
      // A clock that the test moves would never end the settling time.
      if ('advance' in clock) clock.advance(5);
    },
    /** Has the registry tell of collectors that the config does not name any more. */
    left(job: string, ...nodes: readonly CollectorNode[]) {
      leavers.set(job, nodes);
      controller.poolChanged(job);
      if ('advance' in clock) clock.advance(5);
    },
    /** Ring names of the leavers that were let go, in order. */
    letGo,
    async metrics() {
      controller.refreshMetrics();
      return await registry.metrics();
    },
    /** What the file of one collector holds, as `target job` lines; undefined without a file. */
    async holds(host: string): Promise<readonly string[] | undefined> {
      const groups = await groupsIn(dir, host);
      return groups
        ?.flatMap(({ targets, labels }) =>
          targets.map((target) => `${target} ${labels['__meta_prome_shard_job'] ?? '-'}`),
        )
        .sort();
    },
    groupsOf: async (host: string) => (await groupsIn(dir, host)) ?? [],
    makeFolder: (name: string) => mkdir(join(dir, name)),
  };
}

async function groupsIn(dir: string, host: string): Promise<readonly TargetGroup[] | undefined> {
  const text = await readFile(join(dir, `${host}.json`), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

export function answered(...targets: string[]): GetterAnswer {
  const groups = targets.map((target) => ({ targets: [target], labels: {} }));
  return { ok: true, groups, duplicates: 0, digest: targets.join(), durationMs: 1 };
}

export function failed(message: string): GetterAnswer {
  return { ok: false, reason: 'threw', message, durationMs: 1 };
}

/** `count` different targets. */
export function someTargets(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `127.0.${index >> 8}.${index & 255}:9100`);
}

export type World = Awaited<ReturnType<typeof smallWorld>>;

export const three = ['a', 'b', 'c'];

/** All that the files of these collectors hold. */
export async function allHeld(
  { holds }: World,
  hosts: readonly string[] = three,
): Promise<readonly string[]> {
  return (await Promise.all(hosts.map(holds))).flatMap((list) => list ?? []);
}

/** A maker of worlds that are stopped after each test of the file. */
export function worldsOfTest() {
  const worlds: World[] = [];
  afterEach(async () => {
    for (const { controller } of worlds.splice(0)) await controller.stop();
  });
  const world = async (...args: Parameters<typeof smallWorld>): Promise<World> => {
    const made = await smallWorld(...args);
    worlds.push(made);
    return made;
  };
  /** A world of one job over three collectors, planned and delivered. */
  const running = async (count = 30): Promise<World> => {
    const made = await world((dir) => [sampleJob('j', three, dir)]);
    made.answer('j', answered(...someTargets(count)));
    made.pool('j', ...three);
    made.controller.start();
    await made.controller.idle();
    return made;
  };
  /** A world in which the jobs `j` and `k` shared a file, until the config lost `k`. */
  const withoutSecondJob = async (): Promise<World> => {
    const made = await world((dir) => ['j', 'k'].map((name) => sampleJob(name, ['a'], dir)));
    made.answer('j', answered('127.0.0.1:1'));
    made.answer('k', answered('127.0.0.2:1'));
    for (const name of ['j', 'k']) made.pool(name, 'a');
    made.controller.start();
    await made.controller.idle();
    expect(await made.holds('a')).toEqual(['127.0.0.1:1 j', '127.0.0.2:1 k']);
    made.controller.reconfigure([sampleJob('j', ['a'], made.dir)], made.getters);
    await made.controller.idle();
    return made;
  };
  return { world, running, withoutSecondJob };
}
