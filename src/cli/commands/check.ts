import type { Command } from 'commander';
import { load } from '../../app/load.ts';
import { type CommonFlags, withCommonFlags } from '../flags.ts';
import { counted, printProblems, programLog } from '../output.ts';
import { stopSignal } from '../signals.ts';

/** `check`: every problem of config and getters, with file, line and column. Resolves with the exit status. */
export function checkCommand(command: Command, finish: (status: number) => void): void {
  withCommonFlags(command)
    .description('every problem of the config and the getters, with file, line and column')
    .action(async (flags: CommonFlags) => finish(await check(flags)));
}

async function check(flags: CommonFlags): Promise<number> {
  const loaded = await load(flags['config.file'], process.env, programLog(flags), stopSignal());
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  if (!loaded.ok || problems.length > 0) {
    printProblems(problems);
    return 1;
  }
  const { jobs } = loaded.settings;
  for (const { name, nodes, delivery } of jobs) {
    console.log(`${name}: ${counted(nodes.length, 'collector')}, getter found, delivery by ${delivery.type}`);
  }
  console.log(`SUCCESS: ${loaded.settings.file} is valid, ${counted(jobs.length, 'job')}`);
  return 0;
}
