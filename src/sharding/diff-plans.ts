import type { Plan } from '../model/plan.ts';
import { ownersOf, planIndex } from './plan-index.ts';

/** A target (`host:port`) whose owners differ between two plans; none before: it is new, none after: it is gone. */
export interface OwnerChange {
  readonly target: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** How many targets have other owners than before, are new, are gone. */
export interface PlanDifference {
  readonly moved: number;
  readonly added: number;
  readonly removed: number;
}

const nothing: Plan = new Map();

/** Every target whose owners differ, one by one as they are asked for; labels do not count. */
export function* ownerChanges(before: Plan, after: Plan): Generator<OwnerChange, void> {
  if (before === after) return;
  for (const [target, to] of planIndex(after)) {
    const from = ownersOf(before, target);
    if (!sameNames(from, to)) yield { target, from, to };
  }
  for (const [target, from] of planIndex(before)) {
    const to = ownersOf(after, target);
    if (to.length === 0) yield { target, from, to };
  }
}

/** Counts the owner changes; with no plan before, every target is new. */
export function diffPlans(before: Plan | undefined, after: Plan): PlanDifference {
  let moved = 0;
  let added = 0;
  let removed = 0;
  for (const { from, to } of ownerChanges(before ?? nothing, after)) {
    if (from.length === 0) added++;
    else if (to.length === 0) removed++;
    else moved++;
  }
  return { moved, added, removed };
}

function sameNames(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((name, index) => name === others[index]);
}
