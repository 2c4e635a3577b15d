import { emitKeypressEvents } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { commandFromKey, type Key } from './demo-command.ts';
import type { DemoInput } from './demo-input.ts';

/** Each key of a terminal as it is pressed. */
export function keyInput(terminal: ReadStream): DemoInput {
  return {
    hint: 'keys: 1, 2 and 3 kill or revive a collector, q quits',
    waitsFirst: false,
    listen({ told }) {
      const pressed = (_text: string | undefined, key: Key) => {
        const command = commandFromKey(key);
        if (command !== undefined) told(command);
      };
      emitKeypressEvents(terminal);
      terminal.setRawMode(true);
      terminal.on('keypress', pressed).resume();
      return () => {
        terminal.off('keypress', pressed).pause();
        if (!terminal.destroyed) terminal.setRawMode(false);
      };
    },
  };
}
