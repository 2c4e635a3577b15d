import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LeftOvers, type TidyFolder } from '../../src/delivery/left-overs.ts';
import { localFolder } from '../../src/delivery/local/local-folder.ts';
import { openFence } from '../helpers/open-fence.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { collectedLog } from './collected-log.ts';

const minute = 60_000;
const left = '.sd.json.00112233445566aa.tmp';

/** A real folder with a left-over of so many minutes, whose looks are counted, and the time in the test's hand. */
async function world(ageMinutes?: number) {
  const folder = await tempFolder('left-overs');
  const { log, lines } = collectedLog();
  const time = { now: Date.now() };
  const clock = {
    now: () => time.now,
    wall: (at: number) => new Date(at),
    sleep: () => Promise.reject(new Error('nobody sleeps')),
  };
  const real = localFolder(join(folder, 'sd.json'));
  let looks = 0;
  const counted: TidyFolder = {
    ...real,
    list: () => {
      looks += 1;
      return real.list();
    },
  };
  const leave = async (minutes: number) => {
    await writeFile(join(folder, left), '');
    const at = new Date(Date.now() - minutes * minute);
    await utimes(join(folder, left), at, at);
  };
  if (ageMinutes !== undefined) await leave(ageMinutes);
  const leftOvers = new LeftOvers({ clock, log });
  return {
    leftOvers,
    leave,
    lines,
    looks: () => looks,
    names: () => readdir(folder),
    pass: (minutes: number) => {
      time.now += minutes * minute;
    },
    tidy: () => leftOvers.tidy('key', 'sd.json', openFence, (work) => work(counted)),
  };
}

test('a folder with nothing to remove is looked into once an hour', async () => {
  const { tidy, looks, pass } = await world();
  for (const minutes of [0, 1, 58]) {
    await tidy();
    pass(minutes);
  }
  expect(looks()).toBe(1);
  pass(1);
  await tidy();
  expect(looks()).toBe(2);
});

test('what is too young to go is looked at again when it is not', async () => {
  const { tidy, looks, pass, names, leave } = await world(9);
  await tidy();
  expect(await names()).toEqual([left]);
  pass(9);
  await leave(11);
  await tidy();
  expect(looks()).toBe(1);
  pass(1);
  await tidy();
  expect(await names()).toEqual([]);
});

test('a failed write of the file has it looked at at once, one of another file does not', async () => {
  const { tidy, leave, names, leftOvers } = await world();
  await tidy();
  await leave(11);
  leftOvers.expect('another key');
  await tidy();
  expect(await names()).toEqual([left]);
  leftOvers.expect('key');
  await tidy();
  expect(await names()).toEqual([]);
});

test('a folder that cannot be looked into is a line in the log, and tried again ten minutes later', async () => {
  const { leftOvers, lines, pass } = await world();
  let tries = 0;
  const tidy = () =>
    leftOvers.tidy('key', 'sd.json', openFence, () => {
      tries += 1;
      return Promise.reject(new Error('the host is away'));
    });
  await tidy();
  await tidy();
  expect(tries).toBe(1);
  expect(lines().join('\n')).toContain('the host is away');
  pass(10);
  await tidy();
  expect(tries).toBe(2);
});

test('of very many files those looked at longest ago are forgotten, and looked at again', async () => {
  const { leftOvers } = await world();
  let looks = 0;
  const empty: TidyFolder = {
    list: async () => {
      looks += 1;
      return [];
    },
    timeOf: () => Promise.reject(new Error('nobody asks')),
    remove: () => Promise.reject(new Error('nobody removes')),
  };
  const tidy = (key: string) => leftOvers.tidy(key, 'sd.json', openFence, (work) => work(empty));
  for (let n = 0; n <= 10_000; n++) await tidy(`file ${n}`);
  expect(looks).toBe(10_001);
  await tidy('file 1');
  expect(looks, 'within the hour').toBe(10_001);
  await tidy('file 0');
  expect(looks, 'forgotten').toBe(10_002);
});
