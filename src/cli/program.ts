import { Command } from 'commander';
import { packageVersion } from '../config/package-info.ts';
import { acceptCommand } from './commands/accept.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { runCommand } from './commands/run.ts';

/** All commands; each hands its exit status to `finish`. */
export function createProgram(finish: (status: number) => void): Command {
  const program = new Command('prome-shard')
    .description('keeps a fleet of Prometheus collectors sharded')
    .version(`prome-shard, version ${packageVersion()}`, '--version', 'the version, on stdout')
    .helpOption('-h, --help')
    .showSuggestionAfterError();
  runCommand(program.command('run'), finish);
  checkCommand(program.command('check'), finish);
  acceptCommand(program.command('accept'), finish);
  demoCommand(program.command('demo'), finish);
  return program;
}
