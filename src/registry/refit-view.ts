import { byText } from '../model/code-unit-order.ts';
import { type Collector, hostPort, ringName } from '../model/collector.ts';
import type { Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';

/** A kept view under a changed job: what the config no longer names leaves at once, the rest takes its new name, zone and weight. */
export function refitView(view: PoolView, job: Job): PoolView {
  if (view.state === 'pending') return view;
  const refit = refitter(job);
  const members = view.members.flatMap(refit).toSorted(byText(({ name }) => name));
  if (members.length === 0) return { state: 'pending', reason: 'the config names none of the known members' };
  const absent = view.absent.flatMap(({ collector, reason }) =>
    refit(collector).map((fit) => ({ collector: fit, reason })),
  );
  return { ...view, members, absent };
}

/** What a collector is under the job: one, or none when the config no longer names it. */
export function refitter(job: Job): (collector: Collector) => readonly Collector[] {
  const named = new Map(
    job.nodes.map(({ collector }) => [hostPort(collector.host, collector.port), collector]),
  );
  return ({ host, port }) => {
    const collector = named.get(hostPort(host, port));
    if (collector !== undefined) return [collector];
    return job.register ? [] : [unnamedCollector(job, host, port)];
  };
}

/** A collector that registered itself and that the config does not name. */
export function unnamedCollector(job: Job, host: string, port: number): Collector {
  return { name: ringName(host, port, job.port), host, port, zone: '', weight: 1 };
}
