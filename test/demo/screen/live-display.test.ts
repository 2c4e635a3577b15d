import { expect, test } from 'vitest';
import { asciiGlyphs } from '../../../src/demo/screen/glyphs.ts';
import { createLiveDisplay } from '../../../src/demo/screen/live-display.ts';
import { sketch } from '../story/snapshots.ts';

test('what happened stays on the terminal after the screen is gone, once', () => {
  const written: string[] = [];
  const output = { columns: 80, rows: 24, write: (text: string) => written.push(text) };
  const display = createLiveDisplay(output, asciiGlyphs, (_style, text) => text);
  const events = [{ atMs: 1200, event: { type: 'killed', collector: 2 } as const }];
  display.show({ collectorKind: 'x', snapshot: sketch({ owners: [1] }), events, sights: [] });
  written.splice(0);
  display.end();
  display.end();
  expect(written).toEqual(['\x1b[?7h\x1b[?25h\x1b[?1049l', '   1.2 s  collector 2 killed (SIGKILL)\n']);
});
