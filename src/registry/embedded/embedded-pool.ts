import { once } from 'node:events';
import { type Collector, hostPort } from '../../model/collector.ts';
import type { HealthCheck, Job } from '../../model/job.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { PoolKeeper } from '../pool-keeper.ts';
import type { Pool } from '../pool-set.ts';
import { sortSightings } from '../sighting.ts';
import { type Probe, startProbe, untried } from './start-probe.ts';

export interface EmbeddedPoolOptions {
  readonly job: Job;
  readonly keeper: PoolKeeper;
  readonly clock: Clock;
  readonly random: () => number;
}

/** The pool of one job: this process tries the check of each of its nodes. A changed check is a new probe. */
export function createEmbeddedPool({ job: first, keeper, clock, random }: EmbeddedPoolOptions): Pool {
  const probes = new Map<string, Probe>();
  let job = first;
  let started = false;

  function probeNodes(): void {
    const { check, nodes } = job;
    const wanted = new Map(nodes.map(({ collector }) => [probeKey(collector, check), collector]));
    for (const key of probes.keys()) if (!wanted.has(key)) letGo(key);
    for (const [key, collector] of wanted) {
      if (!probes.has(key)) probes.set(key, startProbe({ collector, check, clock, random, tried: report }));
    }
    report();
  }

  function letGo(key: string): void {
    probes.get(key)?.stop();
    probes.delete(key);
  }

  function report(): void {
    const sightings = job.nodes.map(({ collector }) => ({
      collector,
      health: probes.get(probeKey(collector, job.check))?.health() ?? untried,
    }));
    keeper.saw(sortSightings(sightings));
  }

  return {
    view: keeper.view,
    failed: keeper.failed,
    update(next) {
      job = next;
      keeper.refit(next);
      if (started) probeNodes();
    },
    async run(signal) {
      started = true;
      probeNodes();
      if (!signal.aborted) await once(signal, 'abort');
      keeper.stop();
      const last = [...probes.values()];
      for (const key of probes.keys()) letGo(key);
      await Promise.all(last.map(({ ended }) => ended));
    },
  };
}

function probeKey({ host, port }: Collector, check: HealthCheck): string {
  return `${hostPort(host, port)} ${JSON.stringify(check)}`;
}
