import { encodeFile } from '../src/delivery/encode-file.ts';
import { checkGroups } from '../src/getters/answer/check-groups.ts';
import { assign } from '../src/sharding/assign.ts';
import { diffPlans } from '../src/sharding/diff-plans.ts';

import { answerOf, collectorNames } from './lib/answer.ts';
import { fixed, printTable } from './lib/table.ts';

const targets = 100_000;
const replans = 20;
const collectors = collectorNames(10).map((name) => ({ name }));
const megabytes = (bytes: number): string => fixed(bytes / 2 ** 20, 0);
const rows: string[][] = [];

function note(what: string): void {
  const { rss, heapUsed, external } = process.memoryUsage();
  const peak = process.resourceUsage().maxRSS * 1024;
  rows.push([what, megabytes(rss), megabytes(peak), megabytes(heapUsed), megabytes(external)]);
}

/** The checked answer; the JSON text that it came as is let go. */
function answer(): ReturnType<typeof checkGroups> {
  return checkGroups(JSON.parse(JSON.stringify(answerOf(targets))));
}

note('started');
const checked = answer();
if (!checked.ok) throw new Error(checked.message);
note('answer checked');

let plan = assign({ collectors, groups: checked.groups, virtualNodes: 1000, shardBy: 'target' });
note('planned');
for (let turn = 0; turn < replans; turn++) {
  const pool = turn % 2 === 0 ? collectors.toSpliced(turn % collectors.length, 1) : collectors;
  const next = assign({ collectors: pool, groups: checked.groups, virtualNodes: 1000, shardBy: 'target' });
  diffPlans(plan, next);
  for (const groups of next.values()) encodeFile(new Map([['node', groups]]));
  plan = next;
}
note(`planned and encoded ${replans} times more`);
globalThis.gc?.();
note('heap swept');
printTable(
  `Memory (MiB): ${targets} targets, ${collectors.length} collectors`,
  ['after', 'RSS', 'peak RSS', 'heap used', 'external'],
  rows,
);
