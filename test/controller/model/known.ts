import type { Setup } from './setup.ts';
import type { Step } from './steps.ts';

/** A course of events that went wrong once, or would if a rule were left out that chance seldom tries. */
export interface Known {
  readonly name: string;
  readonly setup: Partial<Setup>;
  readonly steps: readonly Step[];
}

export const plain: Setup = {
  collectors: 2,
  jobs: 1,
  shared: false,
  mode: 'verified',
  shardBy: 'target',
  targets: 8,
  tickMs: 0,
  takesUpMs: 4000,
  getterMs: 50,
  poolAfterMs: 0,
  strewn: [],
  settled: true,
};

export const known: readonly Known[] = [
  {
    name: 'a job lost a collector of a shared file while nobody ran',
    setup: { jobs: 2, shared: true },
    steps: [{ what: 'restart', life: 0, inFlight: 'lost', afterMs: 100, without: 0, thenMs: 30_000 }],
  },
  {
    name: 'a collector that nobody could read yet leaves the config while the getter answers nothing',
    setup: { targets: 3 },
    steps: [
      { what: 'mood', job: 'j', mood: 'empty', thenMs: 0 },
      { what: 'way', collector: 0, way: 'hangs', parkedLand: true, thenMs: 0 },
      { what: 'restart', life: 0, inFlight: 'lost', afterMs: 20_000, without: 12, thenMs: 0 },
      { what: 'node', job: 'j', collector: 0, named: false, thenMs: 100 },
    ],
  },
  {
    name: 'a target comes back to a collector whose last write may or may not have taken it away',
    setup: {},
    steps: [
      { what: 'pool', collector: 1, listed: false, thenMs: 3000 },
      { what: 'way', collector: 1, way: 'hangs', parkedLand: true, thenMs: 27_000 },
      { what: 'pool', collector: 1, listed: true, thenMs: 8000 },
      { what: 'way', collector: 1, way: 'open', parkedLand: true, thenMs: 30_000 },
    ],
  },
];
