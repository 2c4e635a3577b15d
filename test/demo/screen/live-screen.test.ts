import { expect, test } from 'vitest';
import { changedRows, LiveScreen } from '../../../src/demo/screen/live-screen.ts';

function terminal() {
  const written: string[] = [];
  const output = { columns: 80, rows: 24, write: (text: string) => written.push(text) };
  return { output, screen: new LiveScreen(output), taken: () => written.splice(0).join('') };
}

test('draws on the other page without a cursor, and gives both back once', () => {
  const { screen, taken } = terminal();
  screen.draw(['a', 'b']);
  expect(taken()).toBe('\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[2;1H\x1b[2Kb');
  screen.end();
  screen.end();
  expect(taken()).toBe('\x1b[?7h\x1b[?25h\x1b[?1049l');
});

test('a screen that was never drawn gives nothing back', () => {
  const { screen, taken } = terminal();
  screen.end();
  expect(taken()).toBe('');
});

test('writes only the rows that changed, and nothing when none did', () => {
  const { screen, taken } = terminal();
  screen.draw(['a', 'b', 'c']);
  taken();
  screen.draw(['a', 'B', 'c']);
  expect(taken()).toBe('\x1b[2;1H\x1b[2KB');
  screen.draw(['a', 'B', 'c']);
  expect(taken()).toBe('');
});

test('draws everything anew when the terminal has another size', () => {
  const { screen, output, taken } = terminal();
  screen.draw(['a']);
  taken();
  output.rows = 30;
  screen.draw(['a']);
  expect(taken()).toBe('\x1b[2J\x1b[1;1H\x1b[2Ka');
});

test('takes a terminal that does not tell its size for 80 by 24', () => {
  expect(new LiveScreen({ columns: 0, write: () => true }).size()).toEqual({ columns: 80, rows: 24 });
});

test('rows that are no longer there are cleared', () => {
  expect(changedRows(['a', 'b', ''], ['a'])).toBe('\x1b[2;1H\x1b[2K');
});
