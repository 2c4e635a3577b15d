import { expect, test } from 'vitest';
import { createProgram } from '../../src/cli/program.ts';

test('-h is help, for the program and for each command', () => {
  const program = createProgram(() => undefined);
  for (const command of [program, ...program.commands]) {
    expect(command.helpInformation()).toContain('-h, --help');
  }
});
