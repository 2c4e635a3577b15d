#!/usr/bin/env node
import { messageOf } from '../model/errors.ts';
import { printable } from '../runtime/printable.ts';
import { finish } from './finish.ts';
import { createProgram } from './program.ts';
import { ignoreDebuggerSignal } from './signals.ts';

ignoreDebuggerSignal();

try {
  await createProgram(finish).parseAsync();
} catch (error) {
  const lines = messageOf(error).split('\n');
  console.error(`prome-shard: ${lines.map(printable).join('\n')}`);
  finish(1);
}
