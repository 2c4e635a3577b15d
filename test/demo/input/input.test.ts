import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { CommandQueue } from '../../../src/demo/input/command-queue.ts';
import { commandFromKey, commandFromLine, type DemoCommand } from '../../../src/demo/input/demo-command.ts';
import { lineInput } from '../../../src/demo/input/line-input.ts';
import { until } from '../../helpers/until.ts';

const toggle = (collector: number): DemoCommand => ({ type: 'toggle', collector });
const quit: DemoCommand = { type: 'quit' };

test.each([
  [{ name: '1' }, toggle(1)],
  [{ name: '9' }, toggle(9)],
  [{ name: '0' }, undefined],
  [{ name: 'q' }, quit],
  [{ name: 'c', ctrl: true }, quit],
  [{ name: 'd', ctrl: true }, quit],
  [{ name: 'c' }, undefined],
  [{ name: 'q', ctrl: true }, undefined],
  [{ name: 'up' }, undefined],
  [{ name: undefined }, undefined],
])('the key %j means %j', (key, command) => {
  expect(commandFromKey(key)).toEqual(command);
});

test.each([
  [' 2 ', toggle(2)],
  ['wait', { type: 'wait' }],
  ['WAIT', { type: 'wait' }],
  ['q', quit],
  ['12', undefined],
  ['kill 1', undefined],
  ['', undefined],
])('the line %j means %j', (line, command) => {
  expect(commandFromLine(line)).toEqual(command);
});

test('a pipe tells its lines, names what it does not know, and quits at its end', async () => {
  const pipe = new PassThrough();
  const told: DemoCommand[] = [];
  const unknown: string[] = [];
  lineInput(pipe).listen({ told: (command) => told.push(command), unknown: (line) => unknown.push(line) });
  pipe.end('1\n\nwhat\nwait\n2');
  await until(() => told.length === 4);
  expect(told).toEqual([toggle(1), { type: 'wait' }, toggle(2), quit]);
  expect(unknown).toEqual(['what']);
});

test('a pipe that nobody listens to any more tells nothing and is closed', async () => {
  const pipe = new PassThrough();
  const told: DemoCommand[] = [];
  const leave = lineInput(pipe).listen({ told: (command) => told.push(command), unknown: () => undefined });
  leave();
  await until(() => pipe.closed);
  expect(told).toEqual([]);
});

test('commands run one after the other, and wait until things have settled', async () => {
  const done: string[] = [];
  const open: (() => void)[] = [];
  let settled = false;
  const queue = new CommandQueue({
    settled: () => settled,
    quit: () => done.push('quit'),
    async toggle(collector) {
      done.push(`begin ${collector}`);
      await new Promise<void>((resolve) => open.push(resolve));
      done.push(`end ${collector}`);
    },
  });
  for (const command of [toggle(1), toggle(2), { type: 'wait' } as const, quit]) queue.add(command);
  expect(done).toEqual(['begin 1']);
  open.shift()?.();
  await until(() => done.includes('begin 2'));
  open.shift()?.();
  await until(() => done.includes('end 2'));
  await queue.advance();
  expect(done).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2']);
  settled = true;
  await queue.advance();
  expect(done.at(-1)).toBe('quit');
});
