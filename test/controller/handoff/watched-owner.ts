import { setImmediate as turn } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { Files } from '../../../src/controller/files/files.ts';
import { ScrapeWatch } from '../../../src/controller/handoff/scrape-watch.ts';
import { type JobState, newJobState } from '../../../src/controller/job-state.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import type { HandoffSpec } from '../../../src/model/job.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';
import { handClock } from '../hand-clock.ts';

const watches: ScrapeWatch[] = [];

afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.stop();
});

/** A watch over the job `j`, whose owner `c` holds t:1 and t:2, and whose answers the test gives. */
export function watchedOwner(handoff: HandoffSpec = { mode: 'verified', timeoutMs: 90_000 }) {
  const clock = handClock();
  const { log, lines } = collectedLog();
  const job = sampleJob('j', ['c'], '/sd', { handoff });
  const state: JobState = newJobState(job);
  const files = new Files();
  const file = files.put('x', 'j', { place: placeOf(job, nodeOf('c')), planned: [], departing: false });
  const hold = (...targets: string[]) => {
    file.held = new Map([['j', [{ targets, labels: {} }]]]);
    file.trust = 'sure';
  };
  hold('t:1', 't:2');
  const asked: (readonly string[])[] = [];
  const lead = { leads: true };
  const answers = { give: async (): Promise<ReadonlySet<string>> => new Set() };
  const looks: string[] = [];
  const watch = new ScrapeWatch({
    jobs: new Map([['j', state]]),
    files,
    clock,
    log,
    leads: () => lead.leads,
    looked: (name) => looks.push(name),
    scrapeCheck: {
      scraped: (_, addresses) => {
        asked.push([...addresses].sort());
        return answers.give();
      },
    },
  });
  watches.push(watch);
  const one = () => ({ since: clock.now(), scraped: false, late: false });
  const awaited = new Map([
    ['t:1', one()],
    ['t:2', one()],
  ]);
  state.handoff.awaiting.set('c', awaited);
  const settled = async () => {
    for (let turns = 0; turns < 10; turns++) await turn();
  };
  return {
    clock,
    state,
    file,
    hold,
    asked,
    lead,
    answers,
    looks,
    watch,
    awaited,
    lines,
    settled,
    async pass(ms: number) {
      clock.advance(ms);
      await settled();
    },
    scraped: () => [...awaited].filter(([, { scraped }]) => scraped).map(([target]) => target),
  };
}
