import type { Collector } from '../../model/collector.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { PoolView } from '../../model/pool.ts';

/** Who of a job's collectors gets targets now, and who must hand over those that it has. */
export interface Roll {
  readonly members: readonly CollectorNode[];
  readonly departing: readonly CollectorNode[];
  /** Ring names of those of the pool that depart because their files cannot be written. */
  readonly evicted: ReadonlySet<string>;
}

/**
 * Splits the collectors that config, pool and the last plan know; the last plan's members that are gone depart. So do those
 * whose files are stuck, unless that is the whole pool: then it is as likely this machine's own network.
 */
export function callRoll(
  job: Job,
  view: Extract<PoolView, { state: 'known' }>,
  last: readonly CollectorNode[],
  isStuck: (node: CollectorNode) => boolean,
): Roll {
  const pool = view.members.map((collector) => nodeOf(job, collector));
  const stuck = pool.filter(isStuck);
  const evicted = namesOf(stuck.length < pool.length ? stuck : []);
  const members = pool.filter((node) => !evicted.has(node.collector.name));
  const names = namesOf(members);
  const departing = new Map<string, CollectorNode>();
  for (const node of [...last, ...job.nodes, ...stuck]) {
    if (!names.has(node.collector.name)) departing.set(node.collector.name, node);
  }
  return { members, departing: [...departing.values()], evicted };
}

function namesOf(nodes: readonly CollectorNode[]): ReadonlySet<string> {
  return new Set(nodes.map((node) => node.collector.name));
}

/** How to reach a collector of the pool. */
export function nodeOf(job: Job, collector: Collector): CollectorNode {
  const configured = job.nodes.find((node) => node.collector.name === collector.name);
  return configured ?? { collector, ssh: job.ssh };
}
