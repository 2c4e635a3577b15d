export type Labels = Readonly<Record<string, string>>;

/** Targets (`host:port`) that share their labels, as in Prometheus' file_sd. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Labels;
}

/** The meta label that every delivered group carries: the name of the job that it belongs to. */
export const jobLabel = '__meta_prome_shard_job';

/** Targets in all groups together. */
export function countTargets(groups: readonly TargetGroup[]): number {
  return groups.reduce((sum, group) => sum + group.targets.length, 0);
}
