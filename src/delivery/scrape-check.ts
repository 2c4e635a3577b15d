import pLimit from 'p-limit';
import { hostPort } from '../model/collector.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { inTurn } from './in-turn.ts';
import { Findings } from './scrapes/findings.ts';
import { type Pool, PoolMemory } from './scrapes/pool-memory.ts';
import { readTargets } from './scrapes/read-targets.ts';
import { notSuccess, notUnderstood, poolsPath, readPools, targetsPath } from './scrapes/scrape-answers.ts';
import type { Place, Transport } from './transport.ts';

/** Asks a collector's Prometheus what it scrapes. */
export interface ScrapeCheck {
  /**
   * Those of `addresses` (`host:port`) whose every active target of the place's job has been scraped well. Rejects with a
   * ShardError where Prometheus cannot be asked.
   */
  scraped(place: Place, addresses: ReadonlySet<string>, signal: AbortSignal): Promise<ReadonlySet<string>>;
}

export interface ScrapeCheckOptions {
  readonly transports: { for(place: Place): Transport };
  readonly clock?: Clock;
}

/** Collectors asked at once: a bound for the answers that are in memory. */
const asksAtOnce = 32;

/** A check that remembers which scrape pools hold a job's targets, so that the others are not asked each time. */
export function createScrapeCheck({ transports, clock = systemClock }: ScrapeCheckOptions): ScrapeCheck {
  const memory = new PoolMemory();
  const limit = pLimit(asksAtOnce);
  return {
    async scraped(place, addresses, signal) {
      if (addresses.size === 0) return new Set();
      const transport = transports.for(place);
      return await inTurn(limit, signal, () =>
        check({ place, transport, memory, clock, signal, findings: new Findings(place.job, addresses) }),
      );
    },
  };
}

interface Check {
  readonly place: Place;
  readonly transport: Transport;
  readonly memory: PoolMemory;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly findings: Findings;
}

/** Looks where targets of the job were before, and, where nothing is there any more, everywhere else. */
async function check({ memory, ...asking }: Check): Promise<ReadonlySet<string>> {
  const { place, clock, findings } = asking;
  const key = keyOf(place);
  const known = memory.own(key, clock.now());
  for (const pool of known) await askPool(asking, pool);
  if (findings.ofJob > 0) return findings.scraped();
  const own: Pool[] = [];
  for (const pool of await otherPools(asking, known)) {
    if (memory.isAvoided(key, pool, clock.now())) continue;
    const { ofJob, ofJobs, characters } = await askPool(asking, pool);
    if (ofJob > 0) own.push(pool);
    else memory.avoid(key, pool, characters, ofJobs === 0 ? 'foreign' : 'shared', clock.now());
  }
  memory.setOwn(key, own, clock.now());
  return findings.scraped();
}

type Asking = Omit<Check, 'memory'>;

/** The pools that were not asked yet, one named like the job first. */
async function otherPools(
  { place, transport, signal }: Asking,
  asked: readonly Pool[],
): Promise<readonly Pool[]> {
  const names = readPools(place, await transport.ask(place, poolsPath, signal)) ?? [undefined];
  const others = names.filter((name) => !asked.includes(name));
  return others.sort((some, other) => Number(other === place.job) - Number(some === place.job));
}

/** Adds what one pool shows to the findings, and says how much that was. */
async function askPool({ place, transport, signal, findings }: Asking, pool: Pool) {
  const path = targetsPath(pool);
  const { ofJob, ofJobs } = findings;
  const answer = await transport.ask(place, path, signal);
  if (answer.status !== 200) throw notSuccess(place, path, answer);
  const fault = await readTargets(answer.body, (target) => findings.add(target));
  if (fault !== undefined) throw notUnderstood(place, path, fault, answer.body);
  return {
    ofJob: findings.ofJob - ofJob,
    ofJobs: findings.ofJobs - ofJobs,
    characters: answer.body.length,
  };
}

function keyOf({ job, collector }: Place): string {
  return JSON.stringify([hostPort(collector.host, collector.port), job]);
}
