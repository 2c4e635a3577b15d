import fc from 'fast-check';
import type { HandoffSpec } from '../../../src/model/job.ts';

/** How a world begins, and what stays the same in it. */
export interface Setup {
  readonly collectors: number;
  readonly jobs: 1 | 2;
  /** All jobs of a collector stand in one file. */
  readonly shared: boolean;
  readonly mode: HandoffSpec['mode'];
  readonly shardBy: 'target' | 'group';
  /** How many targets each job has in the beginning. */
  readonly targets: number;
  /** How often getters are asked without a reason; 0: never. */
  readonly tickMs: number;
  /** How long Prometheus takes to see that a file changed: shorter than the handoff's timeout, but not always by much. */
  readonly takesUpMs: number;
  /** How long a getter takes: longer than it takes to read a file, or shorter. */
  readonly getterMs: number;
  /** How long a new process waits for its pool. */
  readonly poolAfterMs: number;
  /** Where an earlier controller left each target of the first job: a collector's number, or none. */
  readonly strewn: readonly number[];
  /** Whether the first controller has delivered all before anything happens. */
  readonly settled: boolean;
}

/** Times that are short enough for all of them to matter in a run. */
export const timeoutMs = 30_000;
export const evictAfterMs = 20_000;
export const settleMs = 200;

export const setups: fc.Arbitrary<Setup> = fc.record({
  collectors: fc.integer({ min: 2, max: 4 }),
  jobs: fc.constantFrom(1, 2),
  shared: fc.boolean(),
  mode: fc.constantFrom('verified', 'verified', 'verified', 'timed', 'none'),
  shardBy: fc.constantFrom('target', 'group'),
  targets: fc.integer({ min: 1, max: 10 }),
  tickMs: fc.constantFrom(30_000, 0),
  takesUpMs: fc.constantFrom(4000, 25_000),
  getterMs: fc.constantFrom(50, 1),
  poolAfterMs: fc.constantFrom(0, 300, 15_000),
  strewn: fc.array(fc.integer({ min: -1, max: 3 }), { maxLength: 12 }),
  settled: fc.boolean(),
});
