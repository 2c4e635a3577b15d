import { inCodeUnitOrder } from '../model/code-unit-order.ts';
import type { Plan } from '../model/plan.ts';

/** The collectors that own each target (`host:port`), sorted. */
export type PlanIndex = ReadonlyMap<string, readonly string[]>;

const indexes = new WeakMap<Plan, PlanIndex>();

/** The plan read the other way round: made at the first question, remembered with the plan. */
export function planIndex(plan: Plan): PlanIndex {
  const known = indexes.get(plan);
  if (known !== undefined) return known;
  const index = new Map<string, readonly string[]>();
  for (const name of inCodeUnitOrder(plan.keys())) {
    const alone = [name];
    for (const { targets } of plan.get(name) ?? []) {
      for (const target of targets) index.set(target, withOwner(index.get(target), name, alone));
    }
  }
  indexes.set(plan, index);
  return index;
}

/** Targets of one owner share one list of it: most targets have no other. */
function withOwner(
  owners: readonly string[] | undefined,
  name: string,
  alone: readonly string[],
): readonly string[] {
  if (owners === undefined) return alone;
  return owners.at(-1) === name ? owners : [...owners, name];
}

const nobody: readonly string[] = [];

/** The collectors that own the target with this address, sorted; none when the plan does not know it. */
export function ownersOf(plan: Plan, address: string): readonly string[] {
  return planIndex(plan).get(address) ?? nobody;
}
