import { expect } from 'vitest';
import type { Job } from '../../src/model/job.ts';
import { sampleJob } from '../helpers/sample-job.ts';
import { handClock } from './hand-clock.ts';
import { countedTransport, quiet } from './quiet.ts';
import { answered, someTargets, three, type worldsOfTest } from './small-world.ts';
import { watchedTransport } from './watched-transport.ts';

const stepMs = 500;

/** Jobs over real files whose time, mishaps and scrapes the test sets; nothing happens but in `pass`. */
export async function movingWorld(
  world: ReturnType<typeof worldsOfTest>['world'],
  jobsIn: (dir: string) => readonly Job[],
) {
  const clock = handClock();
  const made = await world(jobsIn, 'loop', clock);
  const counted = countedTransport(made.transport.current);
  const watched = watchedTransport(counted.transport);
  made.transport.current = watched.transport;
  const settled = () => quiet(counted.underWay);
  const moving = {
    ...watched,
    ...made,
    clock,
    settled,
    /** Lets time go by in small steps, with all that happens meanwhile. */
    async pass(ms: number): Promise<void> {
      await settled();
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left));
        await settled();
      }
    },
    /** What the file of one collector holds, whatever the job: addresses alone. */
    async targetsOf(host: string): Promise<readonly string[]> {
      return ((await made.holds(host)) ?? []).map((line) => line.split(' ')[0] ?? '');
    },
    /** Has a collector's Prometheus be seen to scrape all that its file lists now. */
    async scrapes(...hosts: string[]): Promise<void> {
      for (const host of hosts) made.scraping.set(host, new Set(await moving.targetsOf(host)));
    },
    view: (job = 'j') => made.controller.jobs().find((view) => view.job === job),
    collector: (name: string, job = 'j') =>
      made.controller
        .jobs()
        .find((view) => view.job === job)
        ?.collectors.find((collector) => collector.name === name),
    told: (message: string) => made.logged.filter((line) => line.includes(message)),
  };
  return moving;
}

export type MovingWorld = Awaited<ReturnType<typeof movingWorld>>;

export const verified = { handoff: { mode: 'verified', timeoutMs: 90_000 } } as const;

/** One job over `hosts` (of a, b, c), verified, planned and delivered; each scrapes its own. */
export async function settledWorld(
  world: ReturnType<typeof worldsOfTest>['world'],
  {
    hosts = three,
    count = 30,
    ...changes
  }: Partial<Job> & { hosts?: readonly string[]; count?: number } = {},
): Promise<MovingWorld> {
  const made = await movingWorld(world, (dir) => [sampleJob('j', three, dir, { ...verified, ...changes })]);
  made.answer('j', answered(...someTargets(count)));
  made.pool('j', ...hosts);
  made.controller.start();
  await made.pass(1000);
  await made.scrapes(...hosts);
  const held = (await Promise.all(hosts.map(made.targetsOf))).flat();
  expect([...held].sort()).toEqual(someTargets(count).sort());
  made.taken();
  made.logged.length = 0;
  return made;
}
