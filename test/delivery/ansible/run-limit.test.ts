import { expect, test } from 'vitest';
import { createRunLimit } from '../../../src/delivery/ansible/run-limit.ts';
import { until } from '../../helpers/until.ts';
import { ansiblePlace } from './ansible-place.ts';

test.each([
  { maxRuns: 2, concurrency: 32, jobs: ['a', 'b'], atOnce: 2 },
  { maxRuns: 8, concurrency: 1, jobs: ['a'], atOnce: 1 },
  { maxRuns: 8, concurrency: 1, jobs: ['a', 'b', 'c'], atOnce: 3 },
])('$jobs with concurrency $concurrency run $atOnce at once of at most $maxRuns', async (given) => {
  const limit = createRunLimit(given.maxRuns);
  let running = 0;
  let most = 0;
  const ends: (() => void)[] = [];
  const work = () => {
    running += 1;
    most = Math.max(most, running);
    return new Promise<void>((resolve) =>
      ends.push(() => {
        running -= 1;
        resolve();
      }),
    );
  };
  const runs = given.jobs.flatMap((job) =>
    [1, 2, 3].map(() => limit(ansiblePlace({ job, ssh: { concurrency: given.concurrency } }), work)),
  );
  await until(() => running === given.atOnce);
  for (let ended = 0; ended < runs.length; ended += 1) (await until(() => ends.shift()))();
  await Promise.all(runs);
  expect(most).toBe(given.atOnce);
});
