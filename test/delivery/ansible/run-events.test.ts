import { expect, test } from 'vitest';
import { parseRunEvents } from '../../../src/delivery/ansible/run-events.ts';

test('no lines are no events', () => {
  expect(parseRunEvents('')).toEqual([]);
});

test('each line is an event', () => {
  const events = [
    { event: 'failed', task: 'copy', msg: 'no\nroom' },
    { event: 'content', task: 'read', content: 'W10=' },
    { event: 'end', hosts: 1 },
  ];
  expect(parseRunEvents(events.map((event) => `${JSON.stringify(event)}\n`).join(''))).toEqual(events);
});

test('a last line that was cut off is left out', () => {
  expect(parseRunEvents('{"event":"end","hosts":1}\n{"event":"fai')).toEqual([{ event: 'end', hosts: 1 }]);
});

test('an event of another shape is a bug, not a silence', () => {
  expect(() => parseRunEvents('{"event":"surprise"}\n')).toThrow();
});
