import { encodeFile } from '../src/delivery/encode-file.ts';
import { AnswerJudge } from '../src/getters/answer/answer-judge.ts';
import type { Plan } from '../src/model/plan.ts';
import type { TargetGroup } from '../src/model/target-group.ts';
import { assign } from '../src/sharding/assign.ts';
import { diffPlans } from '../src/sharding/diff-plans.ts';
import { answerOf, collectorNames } from './lib/answer.ts';
import { alternate, measure, median, type Sample } from './lib/measure.ts';
import { fixed, printTable } from './lib/table.ts';

const targets = 100_000;
const rounds = 11;
const json = JSON.stringify(answerOf(targets));
const collectors = collectorNames(10).map((name) => ({ name }));

/** The groups of the getter's text: digest, parse, check, duplicates. */
function judge(judges: AnswerJudge): readonly TargetGroup[] {
  const judged = judges.judge('node', json);
  if (!judged.ok) throw new Error(judged.message);
  return judged.groups;
}

function planOf(groups: readonly TargetGroup[], pool = collectors): Plan {
  return assign({ collectors: pool, groups, virtualNodes: 1000, shardBy: 'target' });
}

function encodeAll(plan: Plan): number {
  let bytes = 0;
  for (const groups of plan.values()) bytes += encodeFile(new Map([['node', groups]])).length;
  return bytes;
}

/** What the parts of each whole run took. */
const parts = new Map<string, Sample[]>();
function part<T>(name: string, work: () => T): T {
  const samples = parts.get(name) ?? [];
  parts.set(name, samples);
  return measure(samples, work);
}

function wholeRun(): void {
  const groups = part('judge: digest, parse, check, duplicates', () => judge(new AnswerJudge()));
  const plan = part('assign', () => planOf(groups));
  part('encode', () => encodeAll(plan));
}

const remembering = new AnswerJudge();
const held = judge(remembering);
const before = planOf(held);
encodeAll(before);
let turn = 0;

const times = alternate(rounds, {
  'JSON.parse + JSON.stringify': () => JSON.stringify(JSON.parse(json)),
  'whole run: judge, assign, encode': wholeRun,
  'the same answer again: its digest': () => judge(remembering),
  'a collector leaves: assign, diff, encode': () => {
    turn = (turn + 1) % collectors.length;
    const after = planOf(held, collectors.toSpliced(turn, 1));
    diffPlans(before, after);
    encodeAll(after);
  },
});
const unit = times.get('JSON.parse + JSON.stringify') ?? [];

/** Medians, and the medians of each round's ratio to the unit of the same round. */
function row(name: string, all: readonly Sample[]): string[] {
  const samples = all.slice(-rounds);
  const ratios = (of: (sample: Sample) => number): number[] =>
    samples.map((sample, round) => of(sample) / of(unit[round] ?? { wallMs: Number.NaN, cpuMs: Number.NaN }));
  return [
    name,
    fixed(median(samples.map(({ wallMs }) => wallMs))),
    fixed(median(ratios(({ wallMs }) => wallMs)), 2),
    fixed(median(samples.map(({ cpuMs }) => cpuMs))),
    fixed(median(ratios(({ cpuMs }) => cpuMs)), 2),
  ];
}

const title = `One run: ${targets} targets of 8 labels (${fixed(json.length / 1e6)} MB of JSON) over ${collectors.length} collectors, ${rounds} rounds`;
const header = ['what (medians)', 'wall ms', 'x parse+stringify', 'CPU ms', 'x parse+stringify'];
printTable(
  title,
  header,
  [...times].map(([name, samples]) => row(name, samples)),
);
printTable(
  'The whole run, part by part',
  header,
  [...parts].map(([name, samples]) => row(name, samples)),
);
