import type { DemoEvent, TimedEvent } from '../story/demo-event.ts';
import { eventText, secondsText } from '../story/event-text.ts';
import { type Line, type Style, span } from './span.ts';

const timeWidth = 8;

/** `  12.4 s  collector 2 killed (SIGKILL)` */
export function eventLine({ atMs, event }: TimedEvent): Line {
  return [
    span(secondsText(atMs).padStart(timeWidth), 'dim'),
    span('  '),
    span(eventText(event), styleOf(event)),
  ];
}

function styleOf({ type }: DemoEvent): Style {
  switch (type) {
    case 'killed':
    case 'died':
    case 'getter-failed':
      return 'red';
    case 'left':
    case 'pool-kept':
      return 'yellow';
    case 'moved':
      return 'cyan';
    case 'whole':
      return 'green';
    case 'started':
    case 'joined':
    case 'pool-believed':
    case 'getter-recovered':
      return 'plain';
  }
}
