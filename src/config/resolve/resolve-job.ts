import { ringName } from '../../model/collector.ts';
import type { CollectorNode, HealthCheck, Job, Schedule, SshAccess } from '../../model/job.ts';
import type { ConfigInput, JobInput } from '../schema/config-schema.ts';
import type { Base } from './base.ts';
import { resolveDelivery } from './resolve-delivery.ts';
import { resolveSsh, type SshOverride } from './resolve-ssh.ts';

type NodeInput = JobInput['nodes'][number];

/** One job with its defaults, its paths absolute. */
export function resolveJob(
  name: string,
  job: JobInput,
  config: ConfigInput,
  base: Base,
  defaultKey: string | undefined,
): Job {
  const access = (...overrides: readonly (SshOverride | undefined)[]) =>
    resolveSsh(config.ssh, overrides, base, defaultKey);
  return {
    name,
    description: job.desc,
    port: job.port,
    nodes: job.nodes.map((node) => resolveNode(node, job.port, access(job.ssh, sshOf(node)))),
    ssh: access(job.ssh),
    register: job.register,
    check: resolveCheck(job.check),
    schedule: resolveSchedule(job, config.job_setting),
    getterTimeoutMs: job.getter_timeout ?? config.job_setting.getter_timeout,
    virtualNodes: job.virtual_nodes,
    shardBy: job.shard_by === 'group' ? 'group' : 'target',
    settleMs: job.settle,
    guard: {
      maxDrop: job.guard.max_drop,
      minTargets: job.guard.min_targets,
      holdForMs: job.guard.hold_for,
      maxPoolDrop: job.guard.max_pool_drop,
    },
    handoff: { mode: job.handoff.mode, timeoutMs: job.handoff.timeout },
    evictAfterMs: job.evict_after,
    delivery: resolveDelivery(job, base),
  };
}

function sshOf(node: NodeInput): SshOverride | undefined {
  return 'ssh' in node ? node.ssh : undefined;
}

function resolveNode(node: NodeInput, jobPort: number, ssh: SshAccess): CollectorNode {
  const { host, port = jobPort } = node;
  const zone = 'zone' in node ? (node.zone ?? '') : '';
  const weight = 'weight' in node ? node.weight : 1;
  return { collector: { name: ringName(host, port, jobPort), host, port, zone, weight }, ssh };
}

function resolveCheck({ type, path, interval, timeout }: JobInput['check']): HealthCheck {
  const times = { intervalMs: interval, timeoutMs: timeout };
  return type === 'http' ? { type, path: path ?? '/-/ready', ...times } : { type, ...times };
}

/** The nearest word on it wins: the job's cron, then the cron of all jobs, then the interval. */
function resolveSchedule({ cron }: JobInput, setting: ConfigInput['job_setting']): Schedule {
  const expression = cron ?? setting.cron;
  if (expression !== undefined) return { type: 'cron', expression };
  return { type: 'interval', everyMs: setting.ticker_interval };
}
