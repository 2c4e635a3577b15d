import { scale } from '../scale.ts';
import type { CollectorNow } from '../story/snapshot.ts';
import { coverageLines } from './coverage-lines.ts';
import type { Display } from './display.ts';
import { eventLine } from './event-line.ts';
import type { Scene } from './frame.ts';
import { asciiGlyphs } from './glyphs.ts';
import { type Line, paintLine } from './span.ts';

/** For a pipe or a log: a plain line for each thing that happens, and how things stand whenever all is well. */
export function createLineDisplay(write: (text: string) => unknown): Display {
  const line = (text: string) => write(`${text}\n`);
  let due = false;
  let begun = false;
  return {
    note: line,
    told(timed) {
      line(plain(eventLine(timed)));
      due ||= timed.event.type === 'whole';
    },
    show(scene) {
      if (!begun) for (const { name, where } of scene.sights) line(`${name.padEnd(11)}${where}`);
      begun = true;
      if (due) for (const text of standing(scene)) line(text);
      due = false;
    },
    end: () => undefined,
  };
}

function standing({ snapshot }: Scene): readonly string[] {
  const [promise] = coverageLines(snapshot.coverage, scale.windowMs, asciiGlyphs);
  return [plain(promise), ...snapshot.collectors.map(collectorText)];
}

function collectorText({ number, name, running, planned, scraped }: CollectorNow): string {
  return `  [${number}] ${name}  ${running ? 'up' : 'down'}  ${planned} planned  ${scraped} scraped`;
}

function plain(line: Line): string {
  return paintLine(line, (_style, text) => text);
}
