import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Outcome } from '../../../src/controller/files/bring-up-to-date.ts';
import { Courier } from '../../../src/controller/files/courier.ts';
import type { FileState } from '../../../src/controller/files/file-state.ts';
import { Files } from '../../../src/controller/files/files.ts';
import { reserveFor, shareOut } from '../../../src/controller/files/share-out.ts';
import { createLocalTransport } from '../../../src/delivery/local/local-transport.ts';
import { createDeliveryMetrics } from '../../../src/delivery/metrics.ts';
import { fileKey, placeOf } from '../../../src/delivery/place.ts';
import { createMetrics } from '../../../src/runtime/metrics.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { handClock } from '../hand-clock.ts';
import { handLeadership } from '../hand-leadership.ts';
import { watchedTransport } from '../watched-transport.ts';

const couriers: Courier[] = [];

afterEach(async () => {
  for (const courier of couriers.splice(0)) await courier.stop();
});

/** A courier over one real file of the job `j` on `a`, whose clock and mishaps the test sets. */
async function world(again = true) {
  const dir = await tempFolder('courier');
  const files = new Files();
  const { log, lines } = collectedLog();
  const clock = handClock();
  const watched = watchedTransport(createLocalTransport({ log }));
  const registry = createMetrics('0');
  const tries: string[] = [];
  const bugs: Error[] = [];
  const lead = handLeadership();
  const courier = new Courier({
    files,
    log,
    clock,
    random: () => 0,
    transports: { for: () => watched.transport },
    deliveryMetrics: createDeliveryMetrics(registry),
    say: {
      listOf(file, name) {
        const bug = bugs.pop();
        if (bug !== undefined) throw bug;
        return file.shares.get(name)?.planned;
      },
      wasRead: () => false,
      written: () => undefined,
      fence: () => lead.assertLeads(),
    },
    tried: (_: FileState, { result }: Outcome) => {
      tries.push(result);
      return again;
    },
  });
  couriers.push(courier);
  const job = sampleJob('j', ['a'], dir);
  const place = placeOf(job, nodeOf('a'));
  const key = fileKey(place);
  return {
    ...watched,
    dir,
    files,
    clock,
    courier,
    lead,
    tries,
    /** Thrown by the next question what a file is to hold. */
    bugs,
    lines,
    file: () => files.get(key),
    metrics: () => registry.metrics(),
    /** Has the job want these targets, or leave with none. */
    send(target: string, departing = false) {
      const planned = departing ? [] : [{ targets: [target], labels: {} }];
      for (const sent of shareOut(files, 'j', [{ key, place, planned, departing }])) courier.send(sent);
    },
    /** Lets a job without a plan share the file. */
    share: () => reserveFor(files, sampleJob('k', ['a'], dir), [nodeOf('a')], 'all'),
  };
}

test('a file that failed is tried again by itself, at an ever slower pace, until it works', async () => {
  const made = await world();
  made.mishaps.set('write a', { message: 'disk full' });
  made.send('127.0.0.1:1');
  for (const [index, waitMs] of [500, 1000, 2000].entries()) {
    await until(() => made.tries.length === index + 1 && made.clock.sleepers === 1);
    made.clock.advance(waitMs - 1);
    expect(made.clock.sleepers).toBe(1);
    if (index === 2) made.mishaps.clear();
    made.clock.advance(1);
  }
  await until(() => made.tries.length === 4);
  await made.courier.idle();
  expect(made.tries).toEqual(['failed', 'failed', 'failed', 'delivered']);
  expect(made.clock.sleepers).toBe(0);
  expect(made.file()).toMatchObject({ result: 'delivered', failure: undefined });
});

test('a file that failed is left alone where nobody wants it again', async () => {
  const made = await world(false);
  made.mishaps.set('write a', { message: 'disk full' });
  made.send('127.0.0.1:1');
  await made.courier.idle();
  expect(made.tries).toEqual(['failed']);
  expect(made.clock.sleepers).toBe(0);
});

test('what is sent anew takes the place of the try that was due', async () => {
  const made = await world();
  made.mishaps.set('write a', { message: 'disk full' });
  made.send('127.0.0.1:1');
  await until(() => made.clock.sleepers === 1);
  made.mishaps.clear();
  made.send('127.0.0.2:2');
  expect(made.clock.sleepers).toBe(0);
  await made.courier.idle();
  expect(made.tries).toEqual(['failed', 'delivered']);
});

test('a write that hangs is given up at a stop: no alarm, no further try', async () => {
  const made = await world();
  made.mishaps.set('write a', 'hangs');
  made.send('127.0.0.1:1');
  await until(() => made.calls.includes('write a'));
  await made.courier.stop();
  expect(made.tries).toEqual([]);
  expect(made.file()).toMatchObject({ result: 'none', failure: undefined });
  expect(made.lines().join('')).not.toContain('delivery failed');
  expect(made.clock.sleepers).toBe(0);
});

test('a stop leaves no wait for a further try', async () => {
  const made = await world();
  made.mishaps.set('write a', { message: 'disk full' });
  made.send('127.0.0.1:1');
  await until(() => made.clock.sleepers === 1);
  await made.courier.stop();
  expect(made.clock.sleepers).toBe(0);
});

test('deliveries are counted with their time; those to say goodbye and those that wait are not', async () => {
  const made = await world(false);
  made.send('127.0.0.1:1');
  await made.courier.idle();
  made.mishaps.set('write a', { message: 'disk full' });
  made.send('127.0.0.2:2');
  await made.courier.idle();
  made.mishaps.clear();
  const counts = await made.metrics();
  for (const [result, count] of Object.entries({ delivered: 1, failed: 1, unchanged: 0 })) {
    expect(counts).toContain(
      `prome_shard_deliveries_total{job="j",collector="a",result="${result}"} ${count}`,
    );
  }
  expect(counts).toContain('prome_shard_delivery_duration_seconds_sum{job="j"} 0\n');
  made.send('', true);
  await made.courier.idle();
  expect(made.tries).toEqual(['delivered', 'failed', 'delivered']);
  expect(await made.metrics()).toContain('{job="j",collector="a",result="delivered"} 1\n');
});

test('the time of a delivery is what the clock went on meanwhile', async () => {
  const made = await world(false);
  made.mishaps.set('write a', { before: () => made.clock.advance(2500) });
  made.send('127.0.0.1:1');
  await made.courier.idle();
  expect(await made.metrics()).toContain('prome_shard_delivery_duration_seconds_sum{job="j"} 2.5\n');
});

test('a file that waits for the plan of another job is neither delivered nor failed, and is not counted', async () => {
  const made = await world();
  await writeFile(join(made.dir, 'a.json'), '{broken');
  made.share();
  made.send('127.0.0.1:1');
  await made.courier.idle();
  expect(made.tries).toEqual(['waiting']);
  expect(made.clock.sleepers).toBe(0);
  expect(await made.metrics()).not.toContain('prome_shard_deliveries_total{');
  expect(made.file()).toMatchObject({ result: 'none' });
});

test('a bug in a try is told, and the file is read before it is tried again by itself', async () => {
  const made = await world();
  made.bugs.push(new TypeError('a bug'));
  made.send('127.0.0.1:1');
  await made.courier.idle();
  expect(made.lines().join('')).toMatch(/level=error .*job=j .*a bug.* msg="delivery met a bug"/);
  expect(made.taken()).toEqual(['read a']);
  expect(made.clock.sleepers).toBe(1);
  made.clock.advance(60_000);
  await until(() => made.tries.length === 1);
  expect(made.taken()).toEqual(['read a', 'write a', 'reload a']);
});

test('a file that was tried without the lead is tried again by itself, and written once there is one', async () => {
  const made = await world();
  made.lead.leads = false;
  made.send('127.0.0.1:1');
  await until(() => made.tries.length === 1 && made.clock.sleepers === 1);
  expect(made.calls).not.toContain('write a');
  made.lead.leads = true;
  made.clock.advance(60_000);
  await until(() => made.tries.length === 2);
  await made.courier.idle();
  expect(made.tries).toEqual(['standby', 'delivered']);
  expect(made.clock.sleepers).toBe(0);
});
