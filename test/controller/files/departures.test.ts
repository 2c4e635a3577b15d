import { expect, test } from 'vitest';
import type { Transport } from '../../../src/delivery/transport.ts';
import { ShardError } from '../../../src/model/errors.ts';
import type { GetterAnswer } from '../../../src/model/getter.ts';
import type { Job } from '../../../src/model/job.ts';
import { nodeOf, sampleJob, sampleSsh } from '../../helpers/sample-job.ts';
import { until } from '../../helpers/until.ts';
import { allHeld, answered, someTargets, three, type World, worldsOfTest } from '../small-world.ts';

const { world, running } = worldsOfTest();

/** Holds every write to the collector back until it is let go. */
function holdWrites(made: World, host: string) {
  const real = made.transport.current;
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const seen = { writes: 0 };
  const transport: Transport = {
    ...real,
    async write(place, bytes, signal, fence) {
      if (place.collector.host === host) {
        seen.writes += 1;
        await held;
      }
      await real.write(place, bytes, signal, fence);
    },
  };
  made.transport.current = transport;
  return { letGo, seen };
}

test('a collector that leaves while its file is being written is emptied all the same', async () => {
  const made = await world((dir) => [sampleJob('j', [], dir, { register: false })]);
  const { letGo, seen } = holdWrites(made, 'a');
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', 'a', 'b');
  made.controller.start();
  await until(() => seen.writes === 1);
  made.pool('j', 'b');
  await until(async () => (await made.holds('b'))?.length === 30);
  letGo();
  await made.controller.idle();
  expect(await made.holds('a')).toEqual([]);
});

test('a Prometheus that died with its collector cannot be told, and that is no failure', async () => {
  const made = await running(3);
  const real = made.transport.current;
  const told: string[] = [];
  made.transport.current = {
    ...real,
    async reload({ collector }) {
      told.push(collector.host);
      throw new ShardError('reload_unreachable', `no Prometheus answers on ${collector.host}`);
    },
  };
  made.pool('j', 'a', 'b');
  await made.controller.idle();
  const views = made.controller.jobs()[0]?.collectors ?? [];
  expect(views.find(({ name }) => name === 'c')?.delivery).toMatchObject({ result: 'delivered' });
  expect(views.find(({ name }) => name === 'a')?.delivery).toMatchObject({
    result: 'failed',
    failure: { step: 'reload' },
  });
  expect(told).toContain('c');
});

test('a self-registered collector that left is gone from the metrics', async () => {
  const made = await world((dir) => [sampleJob('j', [], dir, { register: false })]);
  made.answer('j', answered(...someTargets(3)));
  made.pool('j', 'a', 'b');
  made.controller.start();
  await made.controller.idle();
  expect(await made.metrics()).toContain('job="j",collector="a"');
  made.pool('j', 'b');
  await made.controller.idle();
  expect(await made.metrics()).not.toContain('collector="a"');
  expect(await made.metrics()).toContain('job="j",collector="b"');
});

const asUser = (user: string, job: Job): Job => ({
  ...job,
  delivery: { type: 'ssh', dir: job.delivery.dir ?? '', fileName: '{host}.json', reload: { type: 'none' } },
  nodes: job.nodes.map((node) => ({ ...node, ssh: { ...sampleSsh, user } })),
});

test('another user for the same files leaves every target where it is', async () => {
  const made = await running(30);
  const before = await allHeld(made);
  made.controller.reconfigure([asUser('other', sampleJob('j', three, made.dir))], made.getters);
  await made.controller.idle();
  expect(await allHeld(made)).toEqual(before);
});

test('another user for a shared file keeps the part of the job whose getter is still asked', async () => {
  const made = await world((dir) => ['j', 'k'].map((name) => asUser('one', sampleJob(name, ['a'], dir))));
  for (const name of ['j', 'k']) {
    made.answer(name, answered(`127.0.0.${name === 'j' ? 1 : 2}:1`));
    made.pool(name, 'a');
  }
  made.controller.start();
  await made.controller.idle();
  let answer: (answer: GetterAnswer) => void = () => undefined;
  made.answer(
    'k',
    new Promise((resolve) => {
      answer = resolve;
    }),
  );
  const jobs = ['j', 'k'].map((name) => asUser('two', sampleJob(name, ['a'], made.dir)));
  made.answer('j', answered('127.0.0.3:1'));
  made.controller.reconfigure(jobs, made.getters);
  await until(async () => (await made.holds('a'))?.includes('127.0.0.3:1 j'));
  expect(await made.holds('a')).toEqual(['127.0.0.2:1 k', '127.0.0.3:1 j']);
  answer(answered('127.0.0.2:1'));
});

test('a collector of the config whose file is that of one that left keeps it, though the host has another name now', async () => {
  const made = await world((dir) => [
    sampleJob('j', ['a'], dir, {
      delivery: { type: 'local', dir, fileName: 'one.json', reload: { type: 'none' } },
    }),
  ]);
  made.answer('j', answered(...someTargets(30)));
  made.pool('j', 'a');
  made.controller.start();
  await made.controller.idle();
  expect(await made.holds('one')).toHaveLength(30);
  made.left('j', nodeOf('old-name'));
  await made.controller.idle();
  expect(made.letGo).toEqual(['old-name']);
  expect(made.logged.filter((line) => line.includes('collector left the config'))).toEqual([]);
  expect(await made.holds('one')).toHaveLength(30);
  expect(made.controller.jobs()[0]?.collectors.map(({ name }) => name)).toEqual(['a']);
});
