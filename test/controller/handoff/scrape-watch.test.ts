import { expect, test } from 'vitest';
import { ShardError } from '../../../src/model/errors.ts';
import { watchedOwner as world } from './watched-owner.ts';

test('an owner is asked for what it is waited for until all of it is scraped, ever more slowly', async () => {
  const made = world();
  made.watch.see('j', 'c');
  await made.settled();
  for (const pauseMs of [1000, 1000, 2000, 2000, 3000, 5000, 5000, 5000]) {
    const before = made.asked.length;
    await made.pass(pauseMs - 1);
    expect(made.asked).toHaveLength(before);
    await made.pass(1);
    expect(made.asked).toHaveLength(before + 1);
  }
  made.answers.give = async () => new Set(['t:1']);
  await made.pass(5000);
  expect(made.scraped()).toEqual(['t:1']);
  made.answers.give = async () => new Set(['t:2']);
  await made.pass(5000);
  expect(made.asked.at(-1), 'only for what is left').toEqual(['t:2']);
  expect(made.scraped()).toEqual(['t:1', 't:2']);
  expect(made.clock.sleepers).toBe(0);
  await made.watch.idle();
  expect(made.looks).toHaveLength(made.asked.length);
});

test('nobody is asked for whom nobody waits', async () => {
  const made = world();
  made.watch.see('j', 'a');
  made.watch.see('k', 'c');
  for (const one of made.awaited.values()) one.scraped = true;
  made.watch.see('j', 'c');
  await made.pass(10_000);
  expect(made.asked).toEqual([]);
  expect(made.looks).toEqual([]);
  expect(made.clock.sleepers).toBe(0);
});

test('to be seen twice is to be followed once', async () => {
  const made = world();
  made.watch.see('j', 'c');
  made.watch.see('j', 'c');
  await made.settled();
  expect(made.asked).toHaveLength(1);
  expect(made.clock.sleepers).toBe(1);
});

test('at the end of the time it is looked once more, though there is nobody to ask for any more', async () => {
  const made = world({ mode: 'verified', timeoutMs: 2500 });
  made.watch.see('j', 'c');
  await made.settled();
  for (const ms of [1000, 1000]) await made.pass(ms);
  expect([made.asked.length, made.looks.length]).toEqual([3, 3]);
  await made.pass(500);
  expect([made.asked.length, made.looks.length]).toEqual([3, 4]);
  expect(made.clock.sleepers).toBe(0);
});

test('who is timed is looked at and not asked', async () => {
  const made = world({ mode: 'timed', timeoutMs: 1500 });
  made.watch.see('j', 'c');
  await made.settled();
  await made.pass(1000);
  await made.pass(500);
  expect(made.asked).toEqual([]);
  expect(made.looks).toHaveLength(3);
  expect(made.clock.sleepers).toBe(0);
});

test.each<{ what: string; happens: (made: ReturnType<typeof world>) => void }>([
  { what: 'the file was written anew', happens: ({ hold }) => hold('t:1', 't:2') },
  {
    what: 'what is known of the file came into doubt',
    happens: ({ file }) => Object.assign(file, { trust: 'unclear' }),
  },
  {
    what: 'the file is being written without it',
    happens: ({ file }) => Object.assign(file, { writing: new Map() }),
  },
])('an answer does not count when meanwhile $what', async ({ happens }) => {
  const made = world();
  made.answers.give = async () => {
    happens(made);
    return new Set(['t:1']);
  };
  made.watch.see('j', 'c');
  await made.settled();
  expect(made.scraped()).toEqual([]);
});

test('an answer counts for those that are waited for still, and for nothing else', async () => {
  const made = world();
  made.answers.give = async () => {
    made.awaited.delete('t:1');
    return new Set(['t:1', 't:2', 't:3']);
  };
  made.watch.see('j', 'c');
  await made.settled();
  expect([...made.awaited.keys()]).toEqual(['t:2']);
  expect(made.scraped()).toEqual(['t:2']);
});

test('who does not lead asks nobody, and who loses the lead stops asking', async () => {
  const made = world();
  made.lead.leads = false;
  made.watch.see('j', 'c');
  await made.settled();
  expect(made.asked).toEqual([]);
  made.lead.leads = true;
  made.watch.see('j', 'c');
  await made.settled();
  made.lead.leads = false;
  await made.pass(60_000);
  expect(made.asked).toHaveLength(1);
  expect(made.clock.sleepers).toBe(0);
});

test('why an owner cannot be asked is told when it is new, kept while it lasts, and forgotten with the first answer', async () => {
  const made = world();
  const refuse = (message: string) => async () => {
    throw new ShardError('prometheus_unreachable', message);
  };
  made.answers.give = refuse('no answer');
  made.watch.see('j', 'c');
  await made.settled();
  await made.pass(1000);
  expect(made.state.handoff.problems.get('c')).toMatchObject({ message: 'no answer', count: 2 });
  made.answers.give = refuse('other');
  await made.pass(1000);
  const warned = () => made.lines().filter((line) => line.startsWith('level=warn'));
  expect(warned()).toEqual([
    expect.stringMatching(/job=j collector=c .*no answer.*msg="cannot be asked/),
    expect.stringMatching(/other/),
  ]);
  made.answers.give = async () => new Set();
  await made.pass(2000);
  expect(made.state.handoff.problems.size).toBe(0);
  expect(warned()).toHaveLength(2);
});

test('an owner that goes on answering without end holds nobody up: the question ends when its targets are late', async () => {
  const made = world();
  made.answers.give = () => new Promise(() => undefined);
  made.watch.see('j', 'c');
  await made.pass(89_999);
  expect(made.looks).toEqual([]);
  await made.pass(1);
  expect(made.looks).toEqual(['j']);
  expect(made.state.handoff.problems.get('c')).toMatchObject({
    code: 'prometheus_unreachable',
    message: 'expected to be told what it scrapes within 90000 ms, from all its scrape pools together',
  });
  await made.watch.idle();
  expect(made.clock.sleepers).toBe(0);
});

test('a question asked shortly before its targets are late has ten seconds all the same', async () => {
  const made = world({ mode: 'verified', timeoutMs: 2000 });
  made.answers.give = () => new Promise(() => undefined);
  made.watch.see('j', 'c');
  await made.pass(9999);
  expect(made.looks).toEqual([]);
  await made.pass(1);
  expect(made.looks).toEqual(['j']);
});

test('a stop gives up the question under way without a word, and no other follows', async () => {
  const made = world();
  let refuse: (error: unknown) => void = () => undefined;
  made.answers.give = () =>
    new Promise((_, reject) => {
      refuse = reject;
    });
  made.watch.see('j', 'c');
  await made.settled();
  const stopped = made.watch.stop();
  refuse(new ShardError('delivery_aborted', 'given up'));
  await stopped;
  made.watch.see('j', 'c');
  await made.pass(60_000);
  expect(made.asked).toHaveLength(1);
  expect(made.looks).toEqual([]);
  expect(made.lines()).toEqual([]);
  expect(made.clock.sleepers).toBe(0);
});

test('a bug in a check is told as one, and ends the watch of its owner alone', async () => {
  const made = world();
  made.answers.give = async () => {
    throw new TypeError('a bug');
  };
  made.watch.see('j', 'c');
  await made.watch.idle();
  expect(made.lines().join('')).toMatch(/^level=error .*a bug.* msg="watching a handoff met a bug"/);
  expect(made.clock.sleepers).toBe(0);
});
