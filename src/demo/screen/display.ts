import type { TimedEvent } from '../story/demo-event.ts';
import type { Scene } from './frame.ts';

/** Where the demo shows itself. */
export interface Display {
  /** A line of its own, before the first scene or after the end. */
  note(text: string): void;
  /** Something happened. */
  told(event: TimedEvent): void;
  /** How things stand now. */
  show(scene: Scene): void;
  /** Gives the terminal back; more than once does no harm. */
  end(): void;
}
