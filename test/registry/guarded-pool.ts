import { createPoolKeeper } from '../../src/registry/pool-keeper.ts';
import type { Health } from '../../src/registry/sighting.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { jobOf } from './observed.ts';
import { collector } from './sightings.ts';
import { settled, virtualClock } from './virtual-clock.ts';

/** What the source says of a collector: it passes, it is down, an operator took it out, or it is not listed at all. */
export type Said = 'ok' | 'bad' | 'willed' | 'unlisted';

/** How a collector takes this process's own check. */
export type Own = 'answers' | 'refuses' | 'hangs';

const healths: Readonly<Record<Exclude<Said, 'unlisted'>, Health>> = {
  ok: { state: 'passing' },
  bad: { state: 'failing', reason: 'refused' },
  willed: { state: 'failing', reason: 'maintenance', willed: true },
};

export interface GuardedOptions {
  readonly maxPoolDrop?: number;
  /** How the collectors take the check from the beginning; default `answers`. */
  readonly own?: Own;
}

/** A keeper whose collectors all pass at first, checked each second with a limit of one: losses within 3 s count together. */
export async function guardedPool(
  names: string,
  { maxPoolDrop = 0.5, own = 'answers' }: GuardedOptions = {},
) {
  const clock = virtualClock();
  const said = new Map<string, Said>(names.split(' ').map((name) => [name, 'ok']));
  const owns = new Map<string, Own>(names.split(' ').map((name) => [name, own]));
  const steps: string[] = [];
  const held: boolean[] = [];
  const asked: string[] = [];
  const guard = { maxDrop: 1, minTargets: 0, holdForMs: 1, maxPoolDrop };
  const job = jobOf([], { register: false, guard });
  const keeper = createPoolKeeper({
    job,
    clock,
    log: createLogger('error', 'json', () => undefined),
    onChange: () => steps.push(members()),
    membershipChanged: () => undefined,
    noneHealthy: 'none',
    says: 'the source says',
    async tryOnce({ type, timeoutMs }, { name }, signal) {
      asked.push(`${type} ${name}`);
      const one = owns.get(name);
      if (one === 'hangs') await clock.sleep(timeoutMs, signal);
      return one === 'answers';
    },
    guardHeld: (_job, isHeld) => held.push(isHeld),
  });

  function members(): string {
    const view = keeper.view();
    return view.state === 'known' ? view.members.map(({ name }) => name).join(' ') : 'pending';
  }

  function report(): void {
    const sightings = [...said].flatMap(([name, one]) =>
      one === 'unlisted' ? [] : [{ collector: collector(name), health: healths[one] }],
    );
    keeper.saw(sightings);
  }

  report();
  await settled();
  return {
    ...{ job, keeper, clock, members, steps },
    /** Each check that this process made, as `tcp a`. */
    asked,
    stale: () => {
      const view = keeper.view();
      return view.state === 'known' ? view.stale : undefined;
    },
    isHeld: () => held.at(-1) === true,
    /** From now on these take this process's own check so. */
    own(which: string, how: Own): void {
      for (const name of which.split(' ')) owns.set(name, how);
    },
    /** The source says all of this in one answer; no time passes. */
    async says(...news: readonly (readonly [string, Said])[]): Promise<void> {
      for (const [which, what] of news) for (const name of which.split(' ')) said.set(name, what);
      report();
      await settled();
    },
  };
}
