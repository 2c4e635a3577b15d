import type { Unrest } from './calm.ts';
import { type Controller, counted, type Life } from './controllers.ts';
import type { Tally } from './havoc.ts';
import type { Hole } from './holes.ts';

/** All that a soak saw. */
export interface Seen {
  readonly seed: number;
  readonly minutes: number;
  readonly tally: Tally;
  readonly holes: readonly Hole[];
  readonly orphanLooks: number;
  readonly samples: number;
  readonly torn: ReadonlySet<string>;
  /** How long it took each time until all was in its place, or what was not. */
  readonly calms: readonly (number | Unrest)[];
  readonly controllers: readonly Pick<Controller, 'lives'>[];
}

/** A hole that one reaction of a controller explains is none: files of several collectors are not written at the same moment. */
const reactionMs = 1000;
const mostHandlesMore = 40;
const mostRssMb = 300;

/** Within it a death becomes known and the plan another: who let go before relied on one that lived when it was asked. */
const hearingMs = 15_000;

function holesOf({ holes }: Seen) {
  const long = holes.filter(({ lastedMs }) => lastedMs > reactionMs);
  const afterDeath = long.filter(({ deathKnownMs }) => (deathKnownMs ?? hearingMs) < hearingMs);
  return { afterDeath, long: long.filter((hole) => !afterDeath.includes(hole)) };
}

export function brokenPromises(seen: Seen): readonly string[] {
  const { torn, calms, controllers } = seen;
  const { long } = holesOf(seen);
  const [example] = long;
  const broken = [...torn].map((file) => `a file was seen that is not whole: ${file}`);
  if (example !== undefined) broken.push(`${long.length} holes, as ${JSON.stringify(example)}`);
  for (const calm of calms) if (typeof calm !== 'number') broken.push(`no calm: ${JSON.stringify(calm)}`);
  for (const life of lastLives(controllers)) broken.push(...leaksOf(life));
  return broken;
}

function leaksOf({ name, samples }: Life): readonly string[] {
  const [first, last] = [steady(samples), samples.at(-1)];
  if (first === undefined || last === undefined) return [`controller ${name} does not run at the end`];
  const more = last.handles - first.handles;
  const leaks =
    more > mostHandlesMore ? [`controller ${name} has ${more} handles more than after its start`] : [];
  if (last.rssKb > mostRssMb * 1024) leaks.push(`controller ${name} uses ${mb(last.rssKb)} MB`);
  return leaks;
}

/** Half a minute after the start, or whenever it was seen last. */
function steady(samples: Life['samples']): Life['samples'][number] | undefined {
  const start = samples[0]?.atMs ?? 0;
  return samples.find(({ atMs }) => atMs - start > 30_000) ?? samples.at(-1);
}

function lastLives(controllers: Seen['controllers']): readonly Life[] {
  return controllers.flatMap(({ lives }) => lives.slice(-1));
}

/** The counts for people. */
export function reportText(seen: Seen): string {
  const { tally, holes, orphanLooks, samples, calms, controllers, torn } = seen;
  const faults = [...tally].sort(([some], [other]) => (some < other ? -1 : 1));
  const sum = (metric: string) =>
    controllers
      .flatMap(({ lives }) => lives)
      .reduce((total, { counts }) => total + (counts.get(metric) ?? 0), 0);
  const tookMs = calms.filter((calm) => typeof calm === 'number');
  const { long, afterDeath } = holesOf(seen);
  const longest = Math.max(0, ...holes.map(({ lastedMs }) => lastedMs));
  const unrests = calms.filter((calm) => typeof calm !== 'number');
  const doubles = unrests.reduce((total, { double }) => total + double, 0);
  return [
    `seed ${seen.seed}, ${seen.minutes} minutes, ${samples} looks at all files`,
    `faults: ${faults.reduce((total, [, count]) => total + count, 0)}`,
    ...faults.map(([kind, count]) => `  ${kind}: ${count}`),
    `moves: ${sum(counted.moves)}, deliveries: ${sum(counted.deliveries)}`,
    `holes: ${long.length} (shorter ones: ${holes.length - long.length - afterDeath.length}; longest of all ${Math.round(longest)} ms)`,
    `targets let go to a collector that died before that was known: ${afterDeath.length}; orphans after a death, looks x targets: ${orphanLooks}`,
    ...holeLines(holes),
    `files not whole: ${torn.size}`,
    `calm: ${tookMs.length} of ${calms.length} times, after ${tookMs.map((ms) => Math.round(ms / 100) / 10).join(', ')} s; double owners after calm: ${doubles}`,
    ...controllers.flatMap(({ lives }) => lives).map(lifeText),
  ].join('\n');
}

/** Holes that began at one moment with one holder, a line each. */
function holeLines(holes: readonly Hole[]): readonly string[] {
  const groups = new Map<string, Hole[]>();
  for (const hole of holes) {
    const key = `${Math.round(hole.fromMs / 1000)} ${hole.lastHolders}`;
    groups.set(key, [...(groups.get(key) ?? []), hole]);
  }
  return [...groups.values()].map(([first, ...others]) => {
    const at = new Date(performance.timeOrigin + (first?.fromMs ?? 0)).toISOString().slice(11, 23);
    return `  ${at} ${others.length + 1} as ${JSON.stringify(first)}`;
  });
}

function lifeText({ name, samples }: Life): string {
  const [first, last] = [steady(samples), samples.at(-1)];
  if (first === undefined || last === undefined) return `controller ${name}: not seen`;
  const seconds = Math.round((last.atMs - (samples[0]?.atMs ?? last.atMs)) / 1000);
  return `controller ${name}, ${seconds} s: ${mb(first.rssKb)} -> ${mb(last.rssKb)} MB, ${first.handles} -> ${last.handles} handles`;
}

function mb(kb: number): number {
  return Math.round(kb / 1024);
}
