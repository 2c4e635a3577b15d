import type { TargetGroup } from '../../model/target-group.ts';
import { describeValue, shown } from './describe-value.ts';
import { labelNameProblem, labelValueProblem } from './label-problem.ts';
import { ProblemList } from './problem-list.ts';
import { targetProblem } from './target-problem.ts';

export type CheckedGroups =
  | { readonly ok: true; readonly groups: readonly TargetGroup[] }
  | { readonly ok: false; readonly message: string };

/**
 * Holds an answer to what Prometheus' file_sd accepts. One bad group refuses the whole, because an old list
 * beats a part of a new one. Groups without targets are left out.
 */
export function checkGroups(answer: unknown): CheckedGroups {
  if (!Array.isArray(answer)) {
    return { ok: false, message: `expected a list of target groups, got ${describeValue(answer)}` };
  }
  const check: Check = { problems: new ProblemList(), names: new Set() };
  const groups: TargetGroup[] = [];
  for (const [index, group] of answer.entries()) {
    check.problems.group = index;
    if (isObject(group)) takeGroup(group, groups, check);
    else check.problems.take(`expected {targets, labels}, got ${describeValue(group)}`);
  }
  return check.problems.empty ? { ok: true, groups } : { ok: false, message: `${check.problems}` };
}

interface Check {
  readonly problems: ProblemList;
  /** Label names found good before: there are few, and each comes in nearly every group. */
  readonly names: Set<string>;
}

type Fields = Readonly<Record<string, unknown>>;

const noLabels = {};

function takeGroup(group: Fields, into: TargetGroup[], check: Check): void {
  checkKeys(group, check);
  const { targets, labels = noLabels } = group;
  // Both are looked at, whatever is found first.
  const targetsGood = areTargets(targets, check);
  const labelsGood = areLabels(labels, check);
  if (targetsGood && labelsGood && targets.length > 0) into.push({ targets, labels });
}

function checkKeys(group: Fields, { problems }: Check): void {
  for (const key of Object.keys(group)) {
    if (key !== 'targets' && key !== 'labels') {
      problems.take(`unknown key ${shown(key)}: expected targets and labels only`);
    }
  }
}

function areTargets(targets: unknown, { problems }: Check): targets is readonly string[] {
  if (!Array.isArray(targets)) {
    problems.take(`expected targets as a list of "host:port", got ${describeValue(targets)}`);
    return false;
  }
  for (const target of targets) problems.take(targetProblem(target));
  return problems.empty;
}

function areLabels(labels: unknown, check: Check): labels is TargetGroup['labels'] {
  if (!isObject(labels)) {
    check.problems.take(`expected labels as an object, got ${describeValue(labels)}`);
    return false;
  }
  for (const name of Object.keys(labels)) {
    if (!check.names.has(name)) checkName(name, check);
    check.problems.take(labelValueProblem(name, labels[name]));
  }
  return check.problems.empty;
}

function checkName(name: string, { problems, names }: Check): void {
  const problem = labelNameProblem(name);
  if (problem === undefined) names.add(name);
  else problems.take(problem);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
