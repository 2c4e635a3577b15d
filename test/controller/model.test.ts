import fc from 'fast-check';
import { expect, test } from 'vitest';
import { known, plain } from './model/known.ts';
import { play } from './model/play.ts';
import { setups } from './model/setup.ts';
import { steps } from './model/steps.ts';

const { PROME_SHARD_MODEL_RUNS: runs, PROME_SHARD_MODEL_SEED: seed } = process.env;

/** The same 300 stories at each `npm test`, so that a change is to blame when one fails; others every night. */
function parameters(): { readonly numRuns: number; readonly seed?: number } {
  if (runs === undefined) return { numRuns: 300, seed: Number(seed ?? 1) };
  return seed === undefined ? { numRuns: Number(runs) } : { numRuns: Number(runs), seed: Number(seed) };
}

test('no target is lost or unscraped whatever happens, and in the end each is with its owner alone', async () => {
  const property = fc.asyncProperty(setups, steps, async (setup, all) => await play(setup, all));
  const details = await fc.check(property, parameters());
  if (!details.failed) return;
  const story: string[] = [];
  const [setup, all] = details.counterexample ?? [];
  if (setup !== undefined && all !== undefined) await play(setup, all, story).catch(() => undefined);
  expect.fail(
    `${String(details.errorInstance)}\n${fc.defaultReportMessage(details)}\n\nWhat happened:\n${story.join('\n')}`,
  );
}, 3_600_000);

test.each(known)('nothing is lost where $name', async ({ setup, steps: all }) => {
  await play({ ...plain, ...setup }, all);
});
