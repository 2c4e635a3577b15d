#!/usr/bin/env node
import { messageOf } from '../model/errors.ts';
import { finish } from './finish.ts';
import { createProgram } from './program.ts';

try {
  await createProgram(finish).parseAsync();
} catch (error) {
  console.error(`prome-shard: ${messageOf(error)}`);
  finish(1);
}
