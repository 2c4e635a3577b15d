import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GetterAnswer } from '../../../src/model/getter.ts';
import { until } from '../../helpers/until.ts';
import { allHeld, answered, failed, someTargets, three, worldsOfTest } from '../small-world.ts';

const { running } = worldsOfTest();

test('a membership change is planned with the targets last got, while the getter is still at it', async () => {
  const made = await running();
  let end: (answer: GetterAnswer) => void = () => undefined;
  made.answer(
    'j',
    new Promise((resolve) => {
      end = resolve;
    }),
  );
  made.controller.sync('j');
  await until(() => made.controller.jobs()[0]?.getter.running);
  made.pool('j', 'a');
  await until(async () => (await made.holds('a'))?.length === 30);
  expect(made.controller.jobs()[0]?.getter.running).toBe(true);
  end(answered('127.0.0.1:1'));
  await made.controller.idle();
  expect(await allHeld(made)).toEqual(['127.0.0.1:1 j']);
});

test('the same answer in another order writes nothing', async () => {
  const made = await running();
  const before = await Promise.all(three.map((host) => stat(join(made.dir, `${host}.json`))));
  made.answer('j', answered(...someTargets(30).reverse()));
  made.controller.sync('j');
  await made.controller.idle();
  const after = await Promise.all(three.map((host) => stat(join(made.dir, `${host}.json`))));
  expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(
    before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
  );
  expect(
    made.logged.filter((line) => line.startsWith('level=info') && line.includes('msg=planned')),
  ).toHaveLength(1);
});

test.each([{ what: 'fails', answer: failed('cmdb is down'), reason: 'threw', says: 'cmdb is down' }])(
  'a getter that $what changes nothing, and log, metric and view say why, once',
  async ({ answer, reason, says }) => {
    const made = await running();
    const before = await allHeld(made);
    made.answer('j', answer);
    for (let times = 0; times < 3; times++) {
      made.controller.sync('j');
      await made.controller.idle();
    }
    expect(await allHeld(made)).toEqual(before);
    const [view] = made.controller.jobs();
    expect(view?.targets).toBe(30);
    expect(view?.getter.failure).toMatchObject({ reason, count: 3, message: expect.stringContaining(says) });
    expect(made.logged.filter((line) => line.startsWith('level=warn') && line.includes(says))).toHaveLength(
      1,
    );
    expect(await made.metrics()).toContain(`prome_shard_getter_failures_total{job="j",reason="${reason}"} 3`);
    made.answer('j', answered(...someTargets(30)));
    made.controller.sync('j');
    await made.controller.idle();
    expect(made.controller.jobs()[0]?.getter.failure).toBeUndefined();
  },
);
