import { expect, test } from 'vitest';
import type { Outcome } from '../../../src/controller/files/bring-up-to-date.ts';
import { newFileState } from '../../../src/controller/files/file-state.ts';
import { recordOutcome } from '../../../src/controller/files/record-outcome.ts';
import { placeOf } from '../../../src/delivery/place.ts';
import { ShardError } from '../../../src/model/errors.ts';
import type { TargetGroup } from '../../../src/model/target-group.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { nodeOf, sampleJob } from '../../helpers/sample-job.ts';

const planned: readonly TargetGroup[] = [{ targets: ['127.0.0.1:1'], labels: {} }];
const delivered: Outcome = { result: 'delivered', bytes: 12, reloaded: true };
const failed = (message: string): Extract<Outcome, { result: 'failed' }> => ({
  result: 'failed',
  step: 'write',
  error: new ShardError('delivery_failed', message),
});

/** A file of the jobs `j` (as given) and `k` (without a plan), and what is written about it. */
function world(departing = false) {
  const file = newFileState('local /sd/a.json');
  const place = placeOf(sampleJob('j', ['a'], '/sd'), nodeOf('a'));
  file.shares.set('j', { place, planned: departing ? [] : planned, departing });
  if (!departing) file.shares.set('k', { place, planned: undefined, departing: false });
  const { log, lines } = collectedLog();
  const record = (outcome: Outcome, now = 1000) => {
    const before = lines().length;
    recordOutcome(file, outcome, now, log);
    return lines().slice(before);
  };
  return { file, record };
}

test('a delivery is told and ends a failure', () => {
  const { file, record } = world();
  record(failed('disk full'));
  const [line] = record(delivered, 2000);
  expect(line).toMatch(/^level=info .*job=j,k collector=a .*bytes=12 reloaded=true msg=delivered/);
  expect(file).toMatchObject({ result: 'delivered', failure: undefined, successAt: 2000 });
});

test('what had to be written because somebody else had changed the file is a warning, once', () => {
  const { file, record } = world();
  file.altered = true;
  expect(record(delivered, 2000).join('')).toMatch(/^level=warn .*collector=a .*somebody else had changed/);
  expect(record({ result: 'unchanged' }, 3000)).toEqual([]);
  expect(file).toMatchObject({ result: 'unchanged', successAt: 3000, altered: false });
  expect(record(delivered, 4000).join('')).toMatch(/^level=info .*msg=delivered/);
});

test('a file that somebody had changed into what it is to be is no news at its next delivery', () => {
  const { file, record } = world();
  file.altered = true;
  record({ result: 'unchanged' }, 1000);
  expect(record(delivered, 2000).join('')).toMatch(/^level=info .*msg=delivered/);
});

test.each<Outcome>([{ result: 'read' }, { result: 'standby' }])(
  'a file that was only read ($result) is not told; it ends a failure to read, and no failure to write',
  (outcome) => {
    const { file, record } = world();
    record({ ...failed('no route'), step: 'read' }, 1000);
    expect(file).toMatchObject({ result: 'failed', stuckSince: 1000 });
    expect(record(outcome, 2000)).toEqual([]);
    expect(file).toMatchObject({ result: 'none', failure: undefined, stuckSince: undefined });
    record(failed('disk full'), 3000);
    expect(record(outcome, 4000)).toEqual([]);
    expect(file).toMatchObject({ result: 'failed', failure: { message: 'disk full' }, stuckSince: 3000 });
  },
);

test.each<Outcome>([{ result: 'read' }, { result: 'standby' }])(
  'what changed while files were only read ($result) is the work of whoever led, and no warning later',
  (outcome) => {
    const { file, record } = world();
    file.altered = true;
    record(outcome, 1000);
    expect(record(delivered, 2000).join('')).toMatch(/^level=info .*msg=delivered/);
  },
);

test('a file is stuck from the first failure to read or write it to the first that is none; a reload is no matter', () => {
  const { file, record } = world();
  record({ ...failed('no'), step: 'read' }, 1000);
  record(failed('no'), 2000);
  expect(file.stuckSince).toBe(1000);
  record({ ...failed('no answer'), step: 'reload' }, 3000);
  expect(file.stuckSince).toBeUndefined();
  record(failed('no'), 4000);
  record(delivered, 5000);
  expect(file.stuckSince).toBeUndefined();
});

test('a failure is told once, and again when it is another; the last success stays known', () => {
  const { file, record } = world();
  record(delivered, 1000);
  const lines = [
    record(failed('disk full'), 2000),
    record(failed('disk full'), 3000),
    record(failed('no route'), 4000),
  ];
  expect(lines.flat().map((line) => line.replace(/ time=.* msg=/, ' '))).toEqual([
    'level=warn "delivery failed"\n',
    'level=debug "delivery failed again"\n',
    'level=warn "delivery failed"\n',
  ]);
  expect(file).toMatchObject({
    result: 'failed',
    successAt: 1000,
    failure: { step: 'write', message: 'no route', count: 3, since: 2000 },
  });
});

test('that nothing had to be written is told only after a failure', () => {
  const { file, record } = world();
  expect(record({ result: 'unchanged' }, 1000)).toEqual([]);
  record(failed('disk full'), 2000);
  expect(record({ result: 'unchanged' }, 3000).join('')).toContain('delivery works again');
  expect(file).toMatchObject({ result: 'unchanged', successAt: 3000, failure: undefined });
});

test('to fail to say goodbye is no alarm', () => {
  const { record } = world(true);
  expect(record(failed('no route to a')).join('')).toMatch(/^level=info .*msg="delivery failed"/);
});

test('a wait is told with the jobs that it is for, and is no result', () => {
  const { file, record } = world();
  expect(record({ result: 'waiting', for: ['k'] }).join('')).toMatch(/ for=k msg="delivery waits/);
  expect(file).toMatchObject({ result: 'none', successAt: undefined, failure: undefined });
});
