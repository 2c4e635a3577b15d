import { expect, test } from 'vitest';
import { type FileState, newFileState } from '../../../src/controller/files/file-state.ts';
import { reloadingAll } from '../../../src/controller/files/reloading-all.ts';
import { createLocalTransport } from '../../../src/delivery/local/local-transport.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import type { Transport } from '../../../src/delivery/transport.ts';
import type { CollectorNode } from '../../../src/model/job.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';
import { watchedTransport } from '../watched-transport.ts';

const { signal } = new AbortController();

/** A Prometheus on the host `a`. */
const on = (port: number): CollectorNode => ({
  ...nodeOf('a'),
  collector: { ...nodeOf('a').collector, name: `a:${port}`, port },
});

function world(...shares: (readonly [job: string, port: number, departing?: boolean])[]) {
  const file: FileState = newFileState('the key');
  for (const [job, port, departing = false] of shares) {
    const place = placeOf(sampleJob(job, [], '/sd'), on(port));
    file.shares.set(job, { place, planned: [], departing });
  }
  const watched = watchedTransport(createLocalTransport({ log: collectedLog().log }));
  const place = placeOf(sampleJob('j', [], '/sd'), on(1));
  return { ...watched, reload: () => reloadingAll(file, watched.transport).reload(place, signal) };
}

test('each Prometheus is told once, however many jobs it reads the file for', async () => {
  const made = world(['j', 1], ['k', 1], ['l', 2]);
  expect(await made.reload()).toBe(true);
  expect(made.taken()).toEqual(['reload a:1', 'reload a:2']);
});

test('it counts when one of them took the file up, and not when none has to be told', async () => {
  const made = world(['j', 1], ['l', 2]);
  made.mishaps.set('reload a:1', 'is refused');
  expect(await made.reload()).toBe(true);
  made.mishaps.set('reload a:2', 'is refused');
  expect(await made.reload()).toBe(false);
});

test('one that left and cannot be told is no failure; the others are told all the same', async () => {
  const made = world(['j', 1, true], ['l', 2]);
  made.mishaps.set('reload a:1', { message: 'no answer' });
  expect(await made.reload()).toBe(true);
  expect(made.taken()).toEqual(['reload a:1', 'reload a:2']);
});

test('one that stays and cannot be told is a failure, also where another job of it leaves', async () => {
  const stays = world(['j', 1, true], ['k', 1]);
  stays.mishaps.set('reload a:1', { message: 'no answer' });
  await expect(stays.reload()).rejects.toThrow('no answer');
  const leaves = world(['j', 1], ['k', 1, true]);
  leaves.mishaps.set('reload a:1', { message: 'no answer' });
  await expect(leaves.reload()).rejects.toThrow('no answer');
});

test('a bug is none of the things that may be passed over', async () => {
  const made = world(['j', 1, true]);
  made.mishaps.set('reload a:1', {
    before() {
      throw new TypeError('a bug');
    },
  });
  await expect(made.reload()).rejects.toThrow(TypeError);
});

test('everything else is passed on as it is', async () => {
  const file = newFileState('the key');
  const passed: unknown[] = [];
  const noted =
    <T>(name: string, value: T) =>
    async (...args: unknown[]): Promise<T> => {
      passed.push([name, ...args]);
      return value;
    };
  const real: Transport = {
    read: noted('read', { state: 'none' }),
    write: noted('write', undefined),
    reload: noted('reload', true),
    ask: noted('ask', { status: 200, body: '' }),
    close: noted('close', undefined),
  };
  const place = placeOf(sampleJob('j', [], '/sd'), on(1));
  const all = reloadingAll(file, real);
  const bytes = Buffer.from('x');
  const fence = () => undefined;
  await all.read(place, signal);
  await all.write(place, bytes, signal, fence);
  await all.ask(place, '/x', signal);
  await all.close();
  expect(passed).toEqual([
    ['read', place, signal],
    ['write', place, bytes, signal, fence],
    ['ask', place, '/x', signal],
    ['close'],
  ]);
});
