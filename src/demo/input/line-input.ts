import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { commandFromLine } from './demo-command.ts';
import type { DemoInput } from './demo-input.ts';

/** Each line of a pipe or a file; its end quits. */
export function lineInput(input: Readable): DemoInput {
  return {
    hint: 'lines on standard input: 1, 2 or 3 kills or revives a collector, wait waits until all is well, q quits',
    waitsFirst: true,
    listen({ told, unknown }) {
      const lines = createInterface({ input });
      let listening = true;
      lines.on('line', (line) => {
        const command = commandFromLine(line);
        if (command !== undefined) told(command);
        else if (line.trim() !== '') unknown(line.trim());
      });
      lines.once('close', () => {
        if (listening) told({ type: 'quit' });
      });
      return () => {
        listening = false;
        lines.close();
        input.destroy();
      };
    },
  };
}

/** Nobody is there to say anything. */
export const noInput: DemoInput = {
  hint: 'no keyboard and no pipe here: Ctrl-C or SIGTERM ends it',
  waitsFirst: false,
  listen: () => () => undefined,
};
