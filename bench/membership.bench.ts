import { createEngine } from '../src/app/engine.ts';
import { load } from '../src/app/load.ts';
import { formatProblem } from '../src/model/problem.ts';
import { createMetrics } from '../src/runtime/metrics.ts';
import { openFence } from '../test/helpers/open-fence.ts';
import { until } from '../test/helpers/until.ts';
import { answerOf } from './lib/answer.ts';
import type { Door } from './membership/door.ts';
import { type Estate, startEstate } from './membership/estate.ts';
import { expectWhole } from './membership/expect-whole.ts';
import { type Measured, printNoticed, printSettled, printShare } from './membership/report.ts';
import { type ChangeTime, cpuMs, createStopwatch, type Stopwatch } from './membership/stopwatch.ts';

const targets = 10_000;
const collectors = 10;
const changes = 50;
const settledChanges = 20;
const settleMs = 200;
const never = new AbortController().signal;

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
    engine.start();
    await until(() => engine.controller.waitingFor().length === 0, {
      within: 30_000,
      what: 'the first files',
    });
    expectWhole(await estate.held(), targets, undefined);
    const measured: Measured[] = [];
    const held: (readonly Buffer[])[] = [];
    for (let turn = 0; turn < count; turn++) {
      const door = estate.doors[awayAt(turn)];
      if (door !== undefined) measured.push(await change(stopwatch, door, leavesAt(turn)));
      held.push(await estate.held());
      await engine.controller.idle();
    }
    // Only now: what parsing leaves in memory would be swept during a change.
    for (const [turn, files] of held.entries()) {
      expectWhole(files, targets, leavesAt(turn) ? awayAt(turn) : undefined);
    }
    if (stopwatch.complaints().length > 0) throw new Error(stopwatch.complaints().join(''));
    return measured;
  } finally {
    await engine.stop();
    stopwatch.stop();
  }
}

/** Collectors leave and return by turns, one after the other. */
const leavesAt = (turn: number): boolean => turn % 2 === 0;
const awayAt = (turn: number): number => (turn >> 1) % collectors;

async function change(stopwatch: Stopwatch, door: Door, leaves: boolean): Promise<Measured> {
  stopwatch.reset();
  const startedAt = performance.now();
  await (leaves ? door.close() : door.open());
  const time = await until(() => stopwatch.change(collectors), {
    within: 20_000,
    what: 'all files of a change',
  });
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
    wholeCpu: Math.max(...time.files.map((file) => file.cpuAt)) - time.cpuAt,
    ...(await writeAgain(time)),
    fileBytes: time.files.map(({ bytes }) => bytes.length).filter((length) => length > 2),
  };
}

async function writeAgain({ files }: ChangeTime): Promise<Pick<Measured, 'again' | 'againCpu'>> {
  const start = performance.now();
  const cpuBefore = cpuMs();
  await Promise.all(
    files.map(({ transport, place, bytes }) => transport.write(place, bytes, never, openFence)),
  );
  return { again: performance.now() - start, againCpu: cpuMs() - cpuBefore };
}

// The servers end with this process, but only if it gets to its exit hooks; a second signal must not keep it from them.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

const estate = await startEstate(collectors, answerOf(targets));
try {
  const measured = await measure(estate, { settle: '0ms' }, changes);
  printShare(
    `Membership change: ${targets} targets, ${collectors} collectors over SSH, ${changes} changes, settle 0`,
    measured,
  );
  printSettled(await measure(estate, {}, settledChanges), settleMs);
  printNoticed(measured);
} finally {
  await estate.stop();
}
