#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from '../config/package-info.ts';
import { messageOf } from '../model/errors.ts';
import { checkCommand } from './commands/check.ts';
import { demoCommand } from './commands/demo.ts';
import { runCommand } from './commands/run.ts';
import { finish } from './finish.ts';

const program = new Command('prome-shard')
  .description('keeps a fleet of Prometheus collectors sharded')
  .version(`prome-shard, version ${packageVersion()}`, '--version')
  .helpOption('--help')
  .showSuggestionAfterError();

runCommand(program.command('run'), finish);
checkCommand(program.command('check'), finish);
demoCommand(program.command('demo'), finish);

try {
  await program.parseAsync();
} catch (error) {
  console.error(`prome-shard: ${messageOf(error)}`);
  finish(1);
}
