import { appendFileSync, fstatSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { load } from '../../app/load.ts';
import { startApp } from '../../app.ts';
import { packageVersion } from '../../config/package-info.ts';
import { type CollectorKindName, collectorKinds } from '../../demo/collectors/kind.ts';
import type { DemoController } from '../../demo/demo-options.ts';
import type { DemoFolder } from '../../demo/files/folder.ts';
import type { DemoInput } from '../../demo/input/demo-input.ts';
import { keyInput } from '../../demo/input/key-input.ts';
import { lineInput, noInput } from '../../demo/input/line-input.ts';
import { nodeProblem } from '../../demo/node-problem.ts';
import { runDemo } from '../../demo/run-demo.ts';
import type { Display } from '../../demo/screen/display.ts';
import { glyphsFor } from '../../demo/screen/glyphs.ts';
import { createLineDisplay } from '../../demo/screen/line-display.ts';
import { createLiveDisplay } from '../../demo/screen/live-display.ts';
import { createPaint } from '../../demo/screen/paint.ts';
import { ShardError } from '../../model/errors.ts';
import { formatProblem } from '../../model/problem.ts';
import { systemClock } from '../../runtime/clock.ts';
import { createLogger } from '../../runtime/logger.ts';

interface DemoFlags {
  readonly collector?: CollectorKindName;
  readonly keep?: boolean;
}

/** `demo`: a whole pool on this machine. Resolves with the exit status. */
export function demoCommand(command: Command, finish: (status: number) => void): void {
  command
    .description('a whole pool on this machine, with nothing installed')
    .addOption(
      new Option('--collector <kind>', 'what scrapes: prometheus (on PATH) or builtin').choices(
        collectorKinds,
      ),
    )
    .option('--keep', 'leaves the folder with config, getter and log in place')
    .action(async (flags: DemoFlags) => finish(await demo(flags)));
}

async function demo({ collector, keep = false }: DemoFlags): Promise<number> {
  const problem = nodeProblem(process.version);
  if (problem !== undefined) {
    console.error(`prome-shard: ${problem}`);
    return 1;
  }
  const display = createDisplay();
  const stopping = stopOnSignals();
  await runDemo(
    {
      ...(collector === undefined ? {} : { collector }),
      keep,
      searchPath: process.env['PATH'] ?? '',
      clock: systemClock,
      display,
      input: createInput(),
      startController: (folder) => startController(folder, stopping.signal),
    },
    stopping,
  );
  return 0;
}

async function startController(folder: DemoFolder, signal: AbortSignal): Promise<DemoController> {
  const log = createLogger('info', 'logfmt', (line) => appendFileSync(folder.logFile, line));
  const loaded = await load(folder.configFile, process.env, log, signal);
  if (!loaded.ok) {
    throw new ShardError('config_invalid', loaded.problems.map(formatProblem).join('\n'));
  }
  const app = await startApp({ loaded, env: process.env, version: packageVersion(), log });
  return {
    port: app.port,
    job: () => app.controller.jobs()[0],
    owners: (target) => app.controller.targets(target)[0]?.owners ?? [],
    stop: () => app.stop(),
  };
}

function createDisplay(): Display {
  const { stdout, env } = process;
  const live = stdout.isTTY && env['TERM'] !== 'dumb';
  const display = live
    ? createLiveDisplay(stdout, glyphsFor(env), createPaint())
    : createLineDisplay((text) => stdout.write(text));
  // The terminal is given back before Node prints why it ends.
  process.once('uncaughtExceptionMonitor', () => display.end());
  process.once('exit', () => display.end());
  return display;
}

function createInput(): DemoInput {
  const { stdin } = process;
  if (stdin.isTTY) return keyInput(stdin);
  return fstatSync(stdin.fd).isCharacterDevice() ? noInput : lineInput(stdin);
}

/** The first signal ends the demo in order, the second at once. So does a terminal or a pipe that went away. */
function stopOnSignals(): AbortController {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdout.on('error', () => stopping.abort());
  return stopping;
}
