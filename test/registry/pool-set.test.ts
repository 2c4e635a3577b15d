import { expect, test } from 'vitest';
import { createPoolSet, type Pool } from '../../src/registry/pool-set.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { sampleJob } from '../helpers/sample-job.ts';
import { until } from '../helpers/until.ts';

test('a watch that ends by a fault shows as such, is said in the log, and begins again', async () => {
  const logged: string[] = [];
  const said: string[] = [];
  const pauses: number[] = [];
  let runs = 0;
  const pool: Pool = {
    view: () => ({ state: 'pending', reason: said.at(-1) ?? 'not asked yet' }),
    update: () => undefined,
    failed: (why) => void said.push(why),
    async run(signal) {
      runs += 1;
      if (runs < 3) throw new TypeError('no such thing');
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  };
  const registry = createPoolSet([sampleJob('j', ['a'], '/sd')], {
    log: createLogger('info', 'logfmt', (line) => logged.push(line)),
    clock: { now: () => 0, wall: (at) => new Date(at), sleep: async (ms) => void pauses.push(ms) },
    create: () => pool,
    changed: () => undefined,
    removed: () => undefined,
  });
  registry.start();
  await until(() => runs === 3);
  expect(said).toEqual(Array(2).fill('the watch met a fault of this program: no such thing'));
  expect(registry.pool('j')).toMatchObject({ reason: said[0] });
  expect(pauses).toEqual([5000, 5000]);
  expect(
    logged.filter((line) => line.startsWith('level=error') && line.includes('no such thing')),
  ).toHaveLength(2);
  await registry.stop();
  expect(runs).toBe(3);
});
