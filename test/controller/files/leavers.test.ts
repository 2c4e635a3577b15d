import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeFile } from '../../../src/delivery/encode-file.ts';
import type { CollectorNode } from '../../../src/model/job.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';
import { type MovingWorld, movingWorld, settledWorld, verified } from '../moving-world.ts';
import { answered, failed, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world } = worldsOfTest();
const both = ['a', 'b'];
const all = someTargets(30).sort();

/** Another controller over the files of three collectors, whose config names two; the registry still knows the third. */
async function restarted(between: (dir: string) => Promise<void> = async () => undefined) {
  const first = await settledWorld(world);
  await first.controller.stop();
  await between(first.dir);
  const made = await movingWorld(world, () => [sampleJob('j', both, first.dir, verified)]);
  made.pool('j', ...both);
  made.left('j', nodeOf('c'));
  return { ...made, dir: first.dir, targetsOf: first.targetsOf, scrapes: scraperOf(first, made) };
}

function scraperOf(files: MovingWorld, { scraping }: MovingWorld) {
  return async (...hosts: string[]) => {
    for (const host of hosts) scraping.set(host, new Set(await files.targetsOf(host)));
  };
}

test('a collector that the config lost while nobody ran hands over as any that leaves, is emptied, and let go', async () => {
  const made = await restarted();
  const held = await made.targetsOf('c');
  made.answer('j', answered(...all));
  made.controller.start();
  await made.pass(20_000);
  expect((await Promise.all(both.map(made.targetsOf))).flat().sort()).toEqual(all);
  expect(await made.targetsOf('c'), 'it keeps what nobody was seen to scrape').toEqual(held);
  expect(made.collector('c')).toMatchObject({ member: false, keeps: held.length });
  expect(made.letGo).toEqual([]);
  await made.scrapes(...both);
  await made.pass(10_000);
  expect(await made.targetsOf('c')).toEqual([]);
  expect(made.letGo).toEqual(['c']);
  expect(made.collector('c')).toBeUndefined();
  expect(made.told('does not name any more')).toHaveLength(1);
});

test('what it holds is in force while no getter has answered, also when it is read late', async () => {
  const made = await restarted();
  made.mishaps.set('read c', { message: 'not yet' });
  made.answer('j', failed('cmdb is down'));
  made.controller.start();
  await made.pass(15_000);
  expect(made.view()?.targets).toBeLessThan(30);
  made.mishaps.clear();
  await made.pass(60_000);
  expect(made.view()).toMatchObject({ targets: 30 });
  expect((await Promise.all(both.map(made.targetsOf))).flat().sort()).toEqual(all);
  expect(await made.targetsOf('c'), 'nobody was seen to scrape them').not.toEqual([]);
  await made.scrapes(...both);
  await made.pass(20_000);
  expect(await made.targetsOf('c')).toEqual([]);
  expect(made.letGo).toEqual(['c']);
});

test('one that holds nothing is let go without a write', async () => {
  const made = await restarted((dir) => writeFile(join(dir, 'c.json'), encodeFile(new Map())));
  made.answer('j', answered(...all));
  made.controller.start();
  await made.pass(1000);
  expect(made.letGo).toEqual(['c']);
  expect(made.calls.filter((call) => call.endsWith(' c'))).toEqual(['read c']);
});

test('one that stays away is given up after ten tries, and let go', async () => {
  const made = await restarted();
  made.mishaps.set('read c', { message: 'no route to c' });
  made.answer('j', answered(...all));
  made.controller.start();
  await made.pass(100_000);
  expect(made.letGo).toEqual([]);
  await made.pass(400_000);
  expect(made.letGo).toEqual(['c']);
  expect(made.told('given up to empty this file')).toHaveLength(1);
});

/** A job of one collector, delivered as over SSH into one file, with a leaver. */
async function oneFile(leaver: CollectorNode) {
  const made = await movingWorld(world, (dir) => [
    sampleJob('j', ['a'], dir, {
      delivery: { type: 'ssh', dir, fileName: 'one.json', reload: { type: 'none' } },
    }),
  ]);
  made.answer('j', answered(...all));
  made.pool('j', 'a');
  made.controller.start();
  await made.pass(1000);
  made.taken();
  made.left('j', leaver);
  await made.pass(5000);
  return made;
}

test('one whose file is by now that of another collector of its host is let go, and the file stays as it is', async () => {
  const made = await oneFile({
    ...nodeOf('a'),
    collector: { ...nodeOf('a').collector, name: 'a:1', port: 1 },
  });
  expect(made.letGo).toEqual(['a:1']);
  expect(made.calls).toEqual([]);
});

test('where it was only the other name of a host, the file is put right at once', async () => {
  const made = await oneFile(nodeOf('127.0.0.1'));
  expect(made.letGo).toEqual(['127.0.0.1']);
  const steps = ['read', 'write', 'reload'];
  expect(made.calls).toEqual(['127.0.0.1', 'a'].flatMap((name) => steps.map((step) => `${step} ${name}`)));
  expect(await made.targetsOf('one')).toEqual(all);
});

test('one that the config takes back while it hands over keeps its targets, and is not let go', async () => {
  const made = await restarted();
  made.answer('j', answered(...all));
  made.controller.start();
  await made.pass(5000);
  made.left('j');
  made.controller.reconfigure([sampleJob('j', three, made.dir, verified)], made.getters);
  made.pool('j', ...three);
  await made.scrapes(...three);
  await made.pass(20_000);
  expect((await Promise.all(three.map(made.targetsOf))).flat().sort()).toEqual(all);
  expect(await made.targetsOf('c')).not.toEqual([]);
  expect(made.letGo).toEqual([]);
});

test('what one holds that is told of late is in force before anything of it is taken away', async () => {
  const made = await restarted();
  made.left('j');
  made.answer('j', failed('cmdb is down'));
  await writeFile(join(made.dir, 'c.json'), encodeFile(new Map()));
  const held = encodeFile(new Map([['j', [{ targets: ['127.9.9.9:1'], labels: {} }]]]));
  made.controller.start();
  await made.pass(5000);
  await writeFile(join(made.dir, 'd.json'), held);
  made.left('j', nodeOf('d'));
  await made.pass(5000);
  expect((await Promise.all(both.map(made.targetsOf))).flat()).toContain('127.9.9.9:1');
  expect(await made.targetsOf('d'), 'nobody was seen to scrape it').toEqual(['127.9.9.9:1']);
});

test('two that left one file are let go when it is emptied', async () => {
  const named = (port: number) => ({
    name: `127.0.0.9:${port}`,
    host: '127.0.0.9',
    port,
    zone: '',
    weight: 1,
  });
  const made = await oneFile(nodeOf('a'));
  made.letGo.length = 0;
  made.left('j', ...[1, 2].map((port) => ({ ...nodeOf('x'), collector: named(port) })));
  await made.pass(5000);
  expect(made.letGo).toEqual(['127.0.0.9:1', '127.0.0.9:2']);
});

test('one that the registry tells of before the config is read anew is not let go before it is emptied', async () => {
  const made = await settledWorld(world);
  made.left('j', nodeOf('c'));
  await made.pass(1000);
  expect(made.letGo).toEqual([]);
  made.controller.reconfigure([sampleJob('j', both, made.dir, verified)], made.getters);
  made.pool('j', ...both);
  await made.pass(5000);
  expect(made.letGo).toEqual([]);
  await made.scrapes(...both);
  await made.pass(10_000);
  expect(await made.targetsOf('c')).toEqual([]);
  expect(made.letGo).toEqual(['c']);
});
