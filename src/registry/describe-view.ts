import type { PoolView } from '../model/pool.ts';

/** Whether the set of members differs; the first sight of a job is no change. */
export function membersChanged(before: PoolView, after: PoolView): boolean {
  if (before.state === 'pending' || after.state === 'pending') return false;
  return names(before) !== names(after);
}

/** How loud a change is: a member lost is a warning; what goes on waiting, or goes on being stale, is for debugging. */
export function changeLevel(before: PoolView, after: PoolView): 'debug' | 'info' | 'warn' {
  if (after.state === 'pending') return 'debug';
  if (lostMember(before, after)) return 'warn';
  if (after.stale === undefined) return 'info';
  if (before.state === 'pending' || before.stale === undefined) return 'warn';
  return membersChanged(before, after) ? 'info' : 'debug';
}

/** Whether a member failed; one that the config no longer names was taken out, which is no alarm. */
function lostMember(before: PoolView, after: Extract<PoolView, { state: 'known' }>): boolean {
  if (before.state === 'pending') return false;
  const absent = new Set(after.absent.map(({ collector }) => collector.name));
  return before.members.some(({ name }) => absent.has(name));
}

/** A view in a line of the log. */
export function viewSummary(view: PoolView): Readonly<Record<string, string>> {
  if (view.state === 'pending') return { state: 'pending', reason: view.reason };
  const { members, absent, stale } = view;
  return {
    state: 'known',
    members: members.map(({ name }) => name).join(','),
    absent: absent.map(({ collector, reason }) => `${collector.name} (${reason})`).join(', '),
    ...(stale === undefined ? {} : { stale }),
  };
}

function names(view: Extract<PoolView, { state: 'known' }>): string {
  return view.members.map(({ name }) => name).join();
}
