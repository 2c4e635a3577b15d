import type { Collector } from './collector.ts';

/** How a collector's health is tried, by Consul or by this process. Times in milliseconds. */
export type HealthCheck =
  | { readonly type: 'tcp'; readonly intervalMs: number; readonly timeoutMs: number }
  | { readonly type: 'http'; readonly path: string; readonly intervalMs: number; readonly timeoutMs: number };

/** When a job's getter runs: node-cron's five or six fields, or a fixed interval. */
export type Schedule =
  | { readonly type: 'cron'; readonly expression: string }
  | { readonly type: 'interval'; readonly everyMs: number };

/** What makes targets stay together: nothing, or the group that the getter put them in. */
export type ShardBy = 'target' | 'group';

/** How to reach one host over SSH. Files are absolute paths, read when a connection is made. */
export interface SshAccess {
  readonly user: string;
  readonly port: number;
  readonly privateKeyFile?: string;
  readonly passphraseFile?: string;
  readonly agent: boolean;
  readonly knownHostsFile: string;
  /** `accept-new` writes an unknown host's key down at the first connection; a changed key is refused by both. */
  readonly hostKey: 'strict' | 'accept-new';
  readonly jump?: { readonly user: string; readonly host: string; readonly port: number };
  readonly connectTimeoutMs: number;
  readonly concurrency: number;
}

/** How Prometheus is told: POST /-/reload through SSH or over the network, a command, or not at all. */
export type Reload =
  | { readonly type: 'tunnel' }
  | { readonly type: 'http' }
  | { readonly type: 'command'; readonly command: string }
  | { readonly type: 'none' };

/** How and where a job's file gets onto its collectors. `dir` and `fileName` may hold {job}, {collector}, {host}, {port}. */
export type DeliverySpec =
  | { readonly type: 'ssh'; readonly dir: string; readonly fileName: string; readonly reload: Reload }
  | { readonly type: 'local'; readonly dir: string; readonly fileName: string; readonly reload: Reload }
  | {
      readonly type: 'ansible';
      /** Absent: the playbook itself decides, and what it wrote cannot be read back. */
      readonly dir?: string;
      readonly fileName: string;
      readonly playbook: string;
    };

/** When bad news is not believed. Parts are of 1; times in milliseconds. */
export interface Guard {
  /** The largest part of the targets in force that an answer may drop and be believed at once. */
  readonly maxDrop: number;
  /** The fewest targets that are believed at once. */
  readonly minTargets: number;
  /** The same doubtful answer lasting this long is believed. */
  readonly holdForMs: number;
  /** The part of the pool whose loss at once is believed only when the controller's own probe fails too. */
  readonly maxPoolDrop: number;
}

/** How a target moves from one collector to another. Times in milliseconds. */
export interface HandoffSpec {
  /** The old owner lets go: when the new one was seen to scrape, when the time is over, or at once. */
  readonly mode: 'verified' | 'timed' | 'none';
  /** The longest wait, from the delivery of the new owner's list on. */
  readonly timeoutMs: number;
}

/** A collector of a job together with how to reach it. */
export interface CollectorNode {
  readonly collector: Collector;
  readonly ssh: SshAccess;
}

/** One entry of `shard_service`, resolved: defaults applied, paths absolute, times in milliseconds. */
export interface Job {
  /** Also the Consul service's name and the getter's. */
  readonly name: string;
  readonly description: string;
  readonly port: number;
  readonly nodes: readonly CollectorNode[];
  /** Access for collectors that registered themselves and are not among `nodes`. */
  readonly ssh: SshAccess;
  readonly register: boolean;
  readonly check: HealthCheck;
  readonly schedule: Schedule;
  readonly getterTimeoutMs: number;
  readonly virtualNodes: number;
  readonly shardBy: ShardBy;
  /** How long to wait for more membership changes before planning. */
  readonly settleMs: number;
  readonly guard: Guard;
  readonly handoff: HandoffSpec;
  /** A collector whose file could not be written for this long counts as absent until it can. */
  readonly evictAfterMs: number;
  readonly delivery: DeliverySpec;
}
