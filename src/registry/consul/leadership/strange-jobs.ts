/** Those of our jobs that the leader does not know: it has another configuration, or is of another group of controllers. */
export function strangeJobs(own: readonly string[], leaders: readonly string[]): readonly string[] {
  const known = new Set(leaders);
  return own.filter((job) => !known.has(job));
}

/** What to do about it, in one line. */
export function strangeJobsReason(jobs: readonly string[], leader: string, key: string): string {
  const some = jobs.slice(0, 5).join(', ') + (jobs.length > 5 ? `, .. (${jobs.length})` : '');
  return (
    `${leader} leads and does not know ${some}: nobody delivers ${jobs.length === 1 ? 'it' : 'them'}; give both the same config, ` +
    `or this group of controllers a consul.lock_key of its own (now ${key})`
  );
}
