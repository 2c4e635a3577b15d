import type { Collector } from '../model/collector.ts';
import type { CollectorNode, Job } from '../model/job.ts';
import type { PoolView } from '../model/pool.ts';

/** Who of a job's collectors gets targets now, and who must hold an empty list. */
export interface Roll {
  readonly members: readonly CollectorNode[];
  readonly departing: readonly CollectorNode[];
}

/** Splits the collectors that config, pool and the last plan know; the last plan's members that are gone depart. */
export function callRoll(
  job: Job,
  view: Extract<PoolView, { state: 'known' }>,
  last: readonly CollectorNode[],
): Roll {
  const members = view.members.map((collector) => nodeOf(job, collector));
  const names = new Set(members.map((node) => node.collector.name));
  const departing = new Map<string, CollectorNode>();
  for (const node of [...last, ...job.nodes]) {
    if (!names.has(node.collector.name)) departing.set(node.collector.name, node);
  }
  return { members, departing: [...departing.values()] };
}

function nodeOf(job: Job, collector: Collector): CollectorNode {
  const configured = job.nodes.find((node) => node.collector.name === collector.name);
  return configured ?? { collector, ssh: job.ssh };
}
