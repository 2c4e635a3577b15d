import fc from 'fast-check';
import { type Api, apis, type Way, ways } from './collector-double.ts';
import { type Mood, moods, universe } from './source.ts';

/** One thing that happens. Collectors and processes go by number; a number that nobody has does nothing. */
export type Happening =
  | { readonly what: 'nothing' }
  | {
      readonly what: 'targets';
      readonly job: string;
      readonly kind: 'drop' | 'add' | 'relabel';
      readonly of: readonly number[];
    }
  | { readonly what: 'mood'; readonly job: string; readonly mood: Mood }
  | { readonly what: 'accept'; readonly job: string }
  | { readonly what: 'sync'; readonly job: string }
  | { readonly what: 'pool'; readonly collector: number; readonly listed: boolean }
  | { readonly what: 'flicker'; readonly collector: number; readonly forMs: number }
  | { readonly what: 'crash'; readonly collector: number; readonly noticed: boolean }
  | { readonly what: 'return'; readonly collector: number; readonly noticed: boolean }
  | { readonly what: 'way'; readonly collector: number; readonly way: Way; readonly parkedLand: boolean }
  | { readonly what: 'api'; readonly collector: number; readonly api: Api }
  | { readonly what: 'start' }
  | { readonly what: 'kill'; readonly life: number; readonly inFlight: 'lost' | 'lands' }
  | {
      readonly what: 'restart';
      readonly life: number;
      readonly inFlight: 'lost' | 'lands';
      readonly afterMs: number;
      /** This collector leaves the config while nobody runs. */
      readonly without: number;
    }
  | { readonly what: 'stop'; readonly life: number }
  | { readonly what: 'suspend'; readonly life: number }
  | { readonly what: 'resume'; readonly life: number }
  | { readonly what: 'lead'; readonly life: number; readonly lagMs: number }
  | { readonly what: 'node'; readonly job: string; readonly collector: number; readonly named: boolean }
  | { readonly what: 'job'; readonly job: string; readonly kept: boolean };

export type Step = Happening & { readonly thenMs: number };

const job = fc.constantFrom('j', 'k');
const collector = fc.nat({ max: 3 });
const life = fc.nat({ max: 1 });
const inFlight = fc.constantFrom('lost' as const, 'lands' as const);
const targets = fc.uniqueArray(fc.nat({ max: universe - 1 }), { minLength: 1, maxLength: 5 });

const is = <W extends string>(what: W) => ({ what: fc.constant(what) });

const happenings: readonly fc.WeightedArbitrary<Happening>[] = [
  { weight: 2, arbitrary: fc.record(is('nothing')) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...is('targets'),
      job,
      kind: fc.constantFrom('drop' as const, 'add' as const, 'relabel' as const),
      of: targets,
    }),
  },
  { weight: 3, arbitrary: fc.record({ ...is('mood'), job, mood: fc.constantFrom(...moods) }) },
  { weight: 1, arbitrary: fc.record({ ...is('accept'), job }) },
  { weight: 2, arbitrary: fc.record({ ...is('sync'), job }) },
  {
    weight: 4,
    arbitrary: fc.record({ ...is('flicker'), collector, forMs: fc.constantFrom(300, 2000, 6000, 9000) }),
  },
  { weight: 8, arbitrary: fc.record({ ...is('pool'), collector, listed: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ ...is('crash'), collector, noticed: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ ...is('return'), collector, noticed: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      ...is('way'),
      collector,
      way: fc.constantFrom(...ways),
      parkedLand: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ ...is('api'), collector, api: fc.constantFrom(...apis) }) },
  { weight: 2, arbitrary: fc.record(is('start')) },
  { weight: 1, arbitrary: fc.record({ ...is('kill'), life, inFlight }) },
  {
    weight: 5,
    arbitrary: fc.record({
      ...is('restart'),
      life,
      inFlight,
      afterMs: fc.constantFrom(0, 100, 20_000),
      without: fc.nat({ max: 12 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...is('stop'), life }) },
  { weight: 1, arbitrary: fc.record({ ...is('suspend'), life }) },
  { weight: 2, arbitrary: fc.record({ ...is('resume'), life }) },
  { weight: 3, arbitrary: fc.record({ ...is('lead'), life, lagMs: fc.constantFrom(0, 3000) }) },
  { weight: 3, arbitrary: fc.record({ ...is('node'), job, collector, named: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ ...is('job'), job, kept: fc.boolean() }) },
];

/** How long nothing else happens: within a delivery, within a handoff, beyond its timeout. */
const pauses = fc.oneof(
  fc.constant(0),
  fc.nat({ max: 60 }),
  fc.integer({ min: 100, max: 3000 }),
  fc.integer({ min: 4000, max: 20_000 }),
  fc.constant(100_000),
);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(fc.oneof({ withCrossShrink: true }, ...happenings), pauses)
    .map(([what, thenMs]): Step => ({ ...what, thenMs })),
  { maxLength: 30, size: 'max' },
);
