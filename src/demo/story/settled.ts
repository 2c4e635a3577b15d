import type { Snapshot } from './snapshot.ts';

/** Whether nothing more is to come: all is well, or no collector is left and the pool is not believed any more. */
export function isSettled(snapshot: Snapshot): boolean {
  if (snapshot.collectors.some(({ running }) => running)) return isAllWell(snapshot);
  return snapshot.poolKept !== undefined;
}

/** Whether the pool is what runs, the plan is for this pool, and each target is scraped as planned, and nothing else is. */
export function isAllWell({ collectors, coverage }: Snapshot): boolean {
  return (
    collectors.some(({ running }) => running) &&
    collectors.every(({ running, member, planned }) => running === member && member === planned > 0) &&
    collectors.every(({ planned, scraped }) => planned === scraped) &&
    isWhole(coverage)
  );
}

/** Whether each target is scraped by exactly the collector that the plan names. */
export function isWhole({ total, exact }: Snapshot['coverage']): boolean {
  return total > 0 && exact === total;
}
