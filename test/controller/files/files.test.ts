import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Transport } from '../../../src/delivery/transport.ts';
import { ShardError } from '../../../src/model/errors.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { until } from '../../helpers/until.ts';
import { allHeld, answered, someTargets, three, worldsOfTest } from '../small-world.ts';

const { world, running, withoutSecondJob } = worldsOfTest();

test('two jobs share a file: it holds both, and one without an answer keeps its part', async () => {
  const made = await world((dir) => ['j', 'k'].map((name) => sampleJob(name, ['a'], dir)));
  const old = [
    { targets: ['127.0.0.9:9'], labels: { __meta_prome_shard_job: 'k', keep: 'me' } },
    { targets: ['127.0.0.8:8'], labels: { __meta_prome_shard_job: 'j' } },
    { targets: ['127.0.0.7:7'], labels: {} },
  ];
  await writeFile(join(made.dir, 'a.json'), JSON.stringify(old));
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.pool('k', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j', '127.0.0.7:7 -', '127.0.0.9:9 k']);
  made.answer('k', answered('127.0.0.2:2'));
  made.controller.sync('k');
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j', '127.0.0.2:2 k']);
});

test('a job with a broken file to share waits until both have a plan, for its part cannot be read', async () => {
  const made = await world((dir) => ['j', 'k'].map((name) => sampleJob(name, ['a'], dir)));
  await writeFile(join(made.dir, 'a.json'), '{broken');
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.pool('k', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(await readFile(join(made.dir, 'a.json'), 'utf8')).toBe('{broken');
  made.answer('k', answered('127.0.0.2:2'));
  made.controller.sync('k');
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j', '127.0.0.2:2 k']);
});

test('a self-registered job without a plan keeps its part of a shared file too', async () => {
  const made = await world((dir) => [
    sampleJob('j', ['a'], dir),
    sampleJob('k', [], dir, { register: false }),
  ]);
  await writeFile(
    join(made.dir, 'a.json'),
    JSON.stringify([{ targets: ['127.0.0.9:9'], labels: { __meta_prome_shard_job: 'k' } }]),
  );
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j', '127.0.0.9:9 k']);
});

test('a job without a plan gets no file on the collectors of another', async () => {
  const made = await world((dir) => [
    sampleJob('j', ['a'], dir),
    sampleJob('k', [], dir, {
      register: false,
      delivery: { type: 'local', dir, fileName: '{collector}-k.json', reload: { type: 'none' } },
    }),
  ]);
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  made.answer('k', answered('127.0.0.2:2'));
  made.pool('k', 'b');
  made.controller.sync('k');
  await made.controller.idle();
  expect(await made.holds('b-k')).toEqual(['127.0.0.2:2 k']);
  expect(await made.holds('a-k')).toBeUndefined();
});

test('a job that has its plan, without this collector, keeps no part of its file', async () => {
  const made = await world((dir) => [
    sampleJob('j', ['a'], dir),
    sampleJob('k', [], dir, { register: false }),
  ]);
  made.answer('k', answered('127.0.0.2:2'));
  made.pool('k', 'b');
  made.controller.start();
  await made.controller.idle();
  await writeFile(join(made.dir, 'a.json'), JSON.stringify([{ targets: ['127.0.0.7:7'], labels: {} }]));
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.sync('j');
  await made.controller.idle();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
});

test('a removed job is emptied from its files and from the metrics, the other stays', async () => {
  const made = await withoutSecondJob();
  expect(await made.holds('a')).toEqual(['127.0.0.1:1 j']);
  expect(await made.metrics()).not.toContain('job="k"');
  expect(made.controller.jobs().map(({ job }) => job)).toEqual(['j']);
});

test('a job whose file gets another name leaves the old one empty', async () => {
  const made = await running(5);
  const renamed = sampleJob('j', three, made.dir);
  const delivery = { ...renamed.delivery, fileName: '{host}-new.json' };
  made.controller.reconfigure([{ ...renamed, delivery }], made.getters);
  await made.controller.idle();
  expect(await allHeld(made)).toEqual([]);
  expect(
    await allHeld(
      made,
      three.map((host) => `${host}-new`),
    ),
  ).toHaveLength(5);
  for (const host of three) {
    expect(await made.metrics()).toMatch(
      new RegExp(`deliveries_total\\{job="j",collector="${host}",result="delivered"\\} [2-9]`),
    );
  }
});

test('one collector that cannot be written to delays nobody, and is caught up with', async () => {
  const made = await world((dir) => [sampleJob('j', three, dir)]);
  const real = made.transport.current;
  let broken = true;
  const flaky: Transport = {
    ...real,
    read: (place, signal) => real.read(place, signal),
    write(place, bytes, signal, fence) {
      if (!broken || place.collector.name !== 'b') return real.write(place, bytes, signal, fence);
      return Promise.reject(new ShardError('delivery_failed', 'the disk of b is full', { retryable: true }));
    },
    reload: (place, signal) => real.reload(place, signal),
  };
  made.transport.current = flaky;
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', ...three);
  made.controller.start();
  await made.controller.idle();
  const [view] = made.controller.jobs();
  const lacking = 30 - (await allHeld(made, ['a', 'c'])).length;
  expect(lacking).toBeGreaterThan(0);
  expect(view?.unowned).toBe(lacking);
  expect(view?.collectors.find(({ name }) => name === 'b')?.delivery).toMatchObject({
    result: 'failed',
    failure: { step: 'write', message: 'the disk of b is full', code: 'delivery_failed' },
  });
  expect(await made.metrics()).toContain(`prome_shard_unowned_targets{job="j"} ${lacking}`);
  broken = false;
  await until(async () => (await allHeld(made)).length === 30, { within: 10_000 });
  await until(() => made.controller.jobs()[0]?.unowned === 0);
});

test('a single pass tries each file once and leaves the retry to the next one', async () => {
  const made = await world((dir) => [sampleJob('j', ['a'], join(dir, 'missing'))], 'once');
  made.answer('j', answered('127.0.0.1:1'));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(made.controller.jobs()[0]?.collectors[0]?.delivery.failure?.count).toBe(1);
  await made.makeFolder('missing');
  expect(made.runs).toEqual(['j']);
  await made.controller.idle();
  expect(made.controller.jobs()[0]?.collectors[0]?.delivery.failure?.count).toBe(1);
});

test('the file of a collector that was away is read again before it is believed', async () => {
  const made = await running(3);
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  await rm(join(made.dir, 'c.json'));
  made.pool('j', ...three);
  await made.controller.idle();
  expect(await allHeld(made)).toHaveLength(3);
});

test('a folder without rights is a failure that names the file', async () => {
  const made = await running(3);
  const file = join(made.dir, 'a.json');
  await rm(file);
  await made.makeFolder('a.json');
  await chmod(file, 0o700);
  made.answer('j', answered(...someTargets(4)));
  made.pool('j', 'a');
  made.controller.sync('j');
  await made.controller.idle();
  const failure = made.controller.jobs()[0]?.collectors.find(({ name }) => name === 'a')?.delivery.failure;
  expect(failure?.message).toContain(file);
});
