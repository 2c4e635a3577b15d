import type { Command } from 'commander';
import { createEngine } from '../../app/engine.ts';
import { load, type Ready } from '../../app/load.ts';
import { passOnce, shortcomings } from '../../app/once.ts';
import { startApp } from '../../app.ts';
import { packageVersion } from '../../config/package-info.ts';
import { messageOf } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import type { JobView } from '../../model/job-view.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { createMetrics } from '../../runtime/metrics.ts';
import { printable } from '../../runtime/printable.ts';
import { type CommonFlags, type WebFlags, withCommonFlags, withWebFlags } from '../flags.ts';
import { counted, printProblems, programLog } from '../output.ts';
import { aborted, type HangUps, holdHangUps, stopSignal } from '../signals.ts';

interface RunFlags extends CommonFlags, WebFlags {
  readonly once?: true;
}

/** `run`: the controller, until it is told to stop; or a single pass. Resolves with the exit status. */
export function runCommand(command: Command, finish: (status: number) => void): void {
  withWebFlags(withCommonFlags(command))
    .description('the controller: register, watch, get, shard, deliver, serve')
    .option('--once', 'one pass over every job, then exit')
    .action(async (flags: RunFlags) => finish(await run(flags)));
}

async function run(flags: RunFlags): Promise<number> {
  const log = programLog(flags);
  const stopping = stopSignal();
  if (flags.once) return await withLoaded(flags, log, stopping, (loaded) => once(loaded, log, stopping));
  const hangUps = holdHangUps();
  return await withLoaded(flags, log, stopping, (loaded) => loop({ loaded, log, stopping, hangUps }, flags));
}

async function withLoaded(
  flags: CommonFlags,
  log: Logger,
  stopping: AbortSignal,
  work: (loaded: Ready) => Promise<number>,
): Promise<number> {
  const loaded = await load(flags['config.file'], process.env, log, stopping);
  if (!loaded.ok) {
    printProblems(loaded.problems);
    return 1;
  }
  return await work(loaded);
}

interface Loop {
  readonly loaded: Ready;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  readonly hangUps: HangUps;
}

async function loop({ loaded, log, stopping, hangUps }: Loop, flags: WebFlags): Promise<number> {
  const app = await startApp({
    loaded,
    env: process.env,
    version: packageVersion(),
    log,
    ...(flags['web.listenAddress'] === undefined ? {} : { listen: flags['web.listenAddress'] }),
    ...(flags['web.enableLifecycle'] === undefined ? {} : { enableLifecycle: true }),
  });
  const bug = (error: unknown) => log.error({ error }, 'reload met a bug');
  hangUps.handle(() => void app.reload().catch(bug));
  await aborted(stopping);
  log.info({ reason: messageOf(stopping.reason) }, 'stopping');
  hangUps.handle(() => undefined);
  await app.stop();
  return 0;
}

async function once(loaded: Ready, log: Logger, stopping: AbortSignal): Promise<number> {
  const engine = createEngine({ ...loaded, log, metrics: createMetrics(packageVersion()), mode: 'once' });
  const views = await passOnce(engine, systemClock, poolLimitMs(loaded.settings.jobs), stopping);
  for (const view of views) printPass(view);
  return views.every((view) => shortcomings(view).length === 0) ? 0 : 1;
}

/** The first check of every collector must have had its time, and Consul some to answer. */
function poolLimitMs(jobs: readonly Job[]): number {
  return 10_000 + Math.max(0, ...jobs.map(({ check }) => check.intervalMs + check.timeoutMs));
}

function printPass(view: JobView): void {
  const lines = shortcomings(view);
  const members = view.collectors.filter(({ member }) => member).length;
  const verdict = lines.length === 0 ? 'all delivered' : 'NOT ALL DELIVERED';
  console.log(
    `${view.job}: ${counted(view.targets, 'target')} on ${counted(members, 'collector')}, ${verdict}`,
  );
  for (const line of lines) console.log(`  ${printable(line)}`);
}
