import { setMaxListeners } from 'node:events';
import { rmdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeValue } from '../answer/describe-value.ts';
import { createGetterContext } from '../getter-context.ts';
import type { ChildTask } from '../wire.ts';
import { thrownReport } from './error-text.ts';
import { createGetterLog } from './getter-log.ts';
import { memberAt, membersOf } from './members.ts';
import { report } from './reporter.ts';
import { startWatchdog } from './watchdog.ts';

// Taken before a getter's file is loaded, which may replace them.
const { stringify, parse } = JSON;
const logLines = 1000;

type Report = Parameters<typeof report>;
const late: Report = ['late', '{}'];

type Run = Extract<ChildTask, { kind: 'run' }>;

/** The child's whole life: does its one task with what `load` gives, reports, and waits for its end. */
export async function serve(load: () => Promise<object>): Promise<void> {
  const task: ChildTask = parse(process.argv[2] ?? '');
  startWatchdog(task);
  removeOwnFile();
  const signal = endSignal(task);
  reportEnds(signal);
  try {
    const module = await load();
    if (task.kind === 'list') report('exports', stringify(membersOf(module)));
    else reportAnswer(await answerOf(module, task, signal), signal);
  } catch (error) {
    reportThrown(error, signal);
  }
}

/** Loaded is loaded: gone now, the file is not left behind when the parent dies during the run. */
function removeOwnFile(): void {
  const file = process.argv[1] ?? '';
  unlinkSync(file);
  rmdirSync(dirname(file));
}

/** Aborts when the time is up, counted from the start of the process, or when the parent asks for the end. */
function endSignal({ timeoutMs }: ChildTask): AbortSignal {
  const controller = new AbortController();
  // A getter may wait for many things at once.
  setMaxListeners(0, controller.signal);
  const leftMs = Math.max(0, timeoutMs - performance.now());
  setTimeout(() => controller.abort(new DOMException('the getter has no time left', 'TimeoutError')), leftMs);
  process.on('SIGTERM', () => controller.abort(new DOMException('the controller stops', 'AbortError')));
  return controller.signal;
}

function reportEnds(signal: AbortSignal): void {
  process.on('uncaughtException', (error) => reportThrown(error, signal));
  process.on('exit', (code) => report('exit', stringify({ code, stack: String(new Error('exit').stack) })));
}

async function answerOf(
  module: object,
  { job, member, timeoutMs }: Run,
  signal: AbortSignal,
): Promise<unknown> {
  const getter = memberAt(module, member);
  if (typeof getter !== 'function') throw new Error(`expected a function "${member.name}", found none`);
  const log = createGetterLog(logLines);
  return await getter(createGetterContext({ job, signal, log, leftMs: () => timeoutMs - performance.now() }));
}

function reportAnswer(answer: unknown, signal: AbortSignal): void {
  report(...(signal.aborted ? late : verdict(answer)));
}

function verdict(answer: unknown): Report {
  const unfit = unfitness(answer);
  if (unfit !== undefined) return ['unfit', stringify(unfit)];
  try {
    return ['answer', stringify(answer)];
  } catch (error) {
    return ['unfit', stringify(`it cannot be written as JSON: ${thrownReport(error).text}`)];
  }
}

/** What JSON would turn into something else without a word. */
function unfitness(answer: unknown): string | undefined {
  if (!Array.isArray(answer)) return `expected a list of target groups, got ${describeValue(answer)}`;
  const index = answer.findIndex((group) => group?.labels instanceof Map);
  return index < 0
    ? undefined
    : `group ${index}: expected labels as an object, got a Map (Object.fromEntries makes one)`;
}

function reportThrown(error: unknown, signal: AbortSignal): void {
  report(...(signal.aborted ? late : (['threw', stringify(thrownReport(error))] satisfies Report)));
}
