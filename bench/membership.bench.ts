import { once } from 'node:events';
import { createEngine } from '../src/app/engine.ts';
import { load } from '../src/app/load.ts';
import { formatProblem } from '../src/model/problem.ts';
import { createMetrics } from '../src/runtime/metrics.ts';
import { until } from '../test/helpers/until.ts';
import { answerOf } from './lib/answer.ts';
import { median, quantile } from './lib/measure.ts';
import { fixed, printTable } from './lib/table.ts';
import type { Door } from './membership/door.ts';
import { type Estate, startEstate } from './membership/estate.ts';
import { type ChangeTime, createStopwatch, type Stopwatch } from './membership/stopwatch.ts';

const targets = 10_000;
const collectors = 10;
const changes = 50;
const settledChanges = 20;
const settleMs = 200;
const never = new AbortController().signal;

/** Times of one membership change in milliseconds. */
interface Measured {
  readonly what: 'leaves' | 'returns';
  /** From the door to Consul's answer. */
  readonly noticed: number;
  readonly understood: number;
  readonly planned: number;
  readonly encoded: number;
  readonly delivered: number;
  /** All of these but the first: from Consul's answer to the last file renamed. */
  readonly whole: number;
  /** The same bytes once more over the same connections, and nothing else. */
  readonly transport: number;
  readonly fileBytes: readonly number[];
}

/** Runs a controller of its own over the estate, and makes collectors leave and return, one after the other. */
async function measure(
  estate: Estate,
  job: Readonly<Record<string, unknown>>,
  count: number,
): Promise<Measured[]> {
  const stopwatch = createStopwatch();
  const { log, transports } = stopwatch;
  const loaded = await load(await estate.configure(job), process.env, log, never);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  const engine = createEngine({ ...loaded, log, transports, metrics: createMetrics('bench'), mode: 'loop' });
  try {
    engine.registry.start();
    engine.controller.start();
    await until(() => holdAll(estate, undefined), { within: 30_000, what: 'the first files' });
    const measured: Measured[] = [];
    for (let turn = 0; turn < count; turn++) {
      const door = estate.doors[(turn >> 1) % estate.doors.length];
      if (door !== undefined) measured.push(await change(estate, stopwatch, door, turn % 2 === 0));
      await engine.controller.idle();
    }
    if (stopwatch.complaints().length > 0) throw new Error(stopwatch.complaints().join(''));
    return measured;
  } finally {
    await engine.stop();
    stopwatch.stop();
  }
}

async function change(estate: Estate, stopwatch: Stopwatch, door: Door, leaves: boolean): Promise<Measured> {
  stopwatch.reset();
  const startedAt = performance.now();
  await (leaves ? door.close() : door.open());
  const time = await until(() => stopwatch.change(collectors), {
    within: 20_000,
    what: 'all files of a change',
  });
  if (!(await holdAll(estate, leaves ? door : undefined))) throw new Error('the files are not as planned');
  const askedAt = Math.max(...time.files.map((file) => file.askedAt));
  const renamedAt = Math.max(...time.files.map((file) => file.renamedAt));
  return {
    what: leaves ? 'leaves' : 'returns',
    noticed: time.answeredAt - startedAt,
    understood: time.seenAt - time.answeredAt,
    planned: time.plannedAt - time.seenAt,
    encoded: askedAt - time.plannedAt,
    delivered: renamedAt - askedAt,
    whole: renamedAt - time.answeredAt,
    transport: await writeAgain(time),
    fileBytes: time.files.map(({ bytes }) => bytes.length).filter((length) => length > 2),
  };
}

/** Whether each target lies on exactly one collector, and none on the one that is away. */
async function holdAll(estate: Estate, away: Door | undefined): Promise<boolean> {
  const held = await estate.held();
  const all = held.flat();
  return (
    all.length === targets &&
    new Set(all).size === targets &&
    held.every((list, index) => (list.length === 0) === (estate.doors[index] === away))
  );
}

async function writeAgain({ files }: ChangeTime): Promise<number> {
  const start = performance.now();
  await Promise.all(files.map(({ transport, place, bytes }) => transport.write(place, bytes, never)));
  return performance.now() - start;
}

function row(name: string, values: readonly number[], digits = 1): string[] {
  return [name, ...[0.5, 0.99, 1].map((q) => fixed(quantile(values, q), digits))];
}

function print(shares: readonly Measured[], settled: readonly Measured[]): void {
  const all = (of: (one: Measured) => number): number[] => shares.map(of);
  const sizes = shares.flatMap(({ fileBytes }) => fileBytes);
  const header = ['ms', 'p50', 'p99', 'max'];
  printTable(
    `Membership change: ${targets} targets, ${collectors} collectors over SSH, ${changes} changes, files of ${fixed(median(sizes) / 1024, 0)} KiB`,
    header,
    [
      row(
        "Consul's answer to last rename, settle 0",
        all(({ whole }) => whole),
      ),
      row(
        '  answer read, pool known',
        all(({ understood }) => understood),
      ),
      row(
        '  planned',
        all(({ planned }) => planned),
      ),
      row(
        '  all files composed, encoded, digested',
        all(({ encoded }) => encoded),
      ),
      row(
        '  all files written and renamed',
        all(({ delivered }) => delivered),
      ),
      row(
        'the same bytes written again, nothing else',
        all(({ transport }) => transport),
      ),
      row(
        'ratio of the first to that',
        all(({ whole, transport }) => whole / transport),
        2,
      ),
    ],
  );
  const of = (what: Measured['what']) => shares.filter((one) => one.what === what);
  printTable('Around it', header, [
    row(
      `with the default settle of ${settleMs} ms (${settled.length} changes)`,
      settled.map(({ whole }) => whole),
    ),
    row(
      '  less those 200 ms',
      settled.map(({ whole }) => whole - settleMs),
    ),
    row(
      'a collector leaves, settle 0',
      of('leaves').map(({ whole }) => whole),
    ),
    row(
      'a collector returns, settle 0',
      of('returns').map(({ whole }) => whole),
    ),
    row(
      "port closed to Consul's answer (check every 1 s)",
      of('leaves').map(({ noticed }) => noticed),
    ),
    row(
      "port opened to Consul's answer",
      of('returns').map(({ noticed }) => noticed),
    ),
  ]);
}

// The servers end with this process, but only if it gets to its exit hooks.
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  once(process, signal).then(() => process.exit(status));
}

const estate = await startEstate(collectors, answerOf(targets));
try {
  print(await measure(estate, { settle: '0ms' }, changes), await measure(estate, {}, settledChanges));
} finally {
  await estate.stop();
}
