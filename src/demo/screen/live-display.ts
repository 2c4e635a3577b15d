import type { TimedEvent } from '../story/demo-event.ts';
import type { Display } from './display.ts';
import { eventLine } from './event-line.ts';
import { frame } from './frame.ts';
import type { Glyphs } from './glyphs.ts';
import { LiveScreen, type ScreenOutput } from './live-screen.ts';
import { type Paint, paintLine } from './span.ts';

/** For a terminal: one screen that is kept current. What happened stays on the terminal in the end. */
export function createLiveDisplay(output: ScreenOutput, glyphs: Glyphs, paint: Paint): Display {
  const screen = new LiveScreen(output);
  let events: readonly TimedEvent[] = [];
  const line = (text: string) => output.write(`${text}\n`);
  return {
    note: line,
    told: () => undefined,
    show(scene) {
      events = scene.events;
      screen.draw(frame(scene, screen.size(), glyphs, paint));
    },
    end() {
      screen.end();
      for (const event of events) line(paintLine(eventLine(event), paint));
      events = [];
    },
  };
}
