import type { Collector } from '../../model/collector.ts';
import type { CollectorNode, Job } from '../../model/job.ts';
import type { Leavers } from '../pool-set.ts';
import type { ConsulEntry, ConsulService } from './consul-answers.ts';
import { leaverOf, leaversIn } from './leaver-of.ts';
import { type Owner, registrationId } from './registration.ts';

export interface ConsulLeavers extends Leavers {
  /** What Consul shows of the job. What it does not show was not let go for that. */
  saw(job: Job, entries: readonly Pick<ConsulEntry, 'Service'>[]): void;
  /** Whether an instance on the agent, which the config does not name, is to stay for now. */
  isLeaving(instance: ConsulService): boolean;
  /** Another controller may have given them targets meanwhile: who was let go is looked at again. */
  leadChanged(): void;
}

export interface LeaversOptions {
  readonly job: Job;
  readonly owner: Owner;
  /** Called after there are more of them. */
  readonly joined: () => void;
  /** Called after one was let go. */
  readonly letGo: () => void;
}

/** Remembers who left a job's config and still stands in Consul: its registration is all that is known of it after a restart. */
export function createLeavers(options: LeaversOptions): ConsulLeavers {
  const { owner } = options;
  const free = new Set<string>();
  let { job } = options;
  let all: ReadonlyMap<string, CollectorNode> = new Map();
  let held: readonly CollectorNode[] = [];

  function sort(): void {
    held = [...all].filter(([id]) => !free.has(id)).map(([, node]) => node);
  }

  return {
    nodes: () => held,
    goodbyes: () => free.size,
    saw(next, entries) {
      job = next;
      const before = all;
      const instances = entries.map(({ Service }) => Service);
      all = leaversIn(job, instances, owner);
      for (const id of free) if (!all.has(id)) free.delete(id);
      sort();
      if ([...all.keys()].some((id) => !before.has(id))) options.joined();
    },
    isLeaving: (instance) => !free.has(instance.ID) && leaverOf(job, instance, owner) !== undefined,
    letGo({ host, port }: Collector) {
      const id = registrationId(job.name, host, port);
      if (!all.has(id) || free.has(id)) return;
      free.add(id);
      sort();
      options.letGo();
    },
    leadChanged() {
      if (free.size === 0) return;
      free.clear();
      sort();
      options.joined();
    },
  };
}
