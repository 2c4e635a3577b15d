import { expect, test } from 'vitest';
import { takeAnswer } from '../../../src/controller/getting/take-answer.ts';
import { newJobState } from '../../../src/controller/job-state.ts';
import { collectedLog } from '../../delivery/collected-log.ts';
import { sampleJob } from '../../helpers/sample-job.ts';
import { answered, failed } from '../small-world.ts';

test('an answer is told when it is new or ends a failure, with its time; the same again is not', () => {
  const state = newJobState(sampleJob('j', [], '/sd'));
  const { log, lines } = collectedLog();
  const answers = [
    answered('a:1'),
    answered('a:1'),
    failed('no'),
    failed('no'),
    answered('a:1'),
    answered('b:1'),
  ];
  for (const [index, answer] of answers.entries()) takeAnswer(state, answer, index * 1000, log);
  const told = lines().map((line) => /^level=(\w+) .*msg="([^"]+)"/.exec(line)?.slice(1).join(' '));
  expect(told).toEqual([
    'info getter answered',
    'debug getter answered',
    'warn getter failed, the old targets stay',
    'debug getter failed again, the old targets stay',
    'info getter answered',
    'info getter answered',
  ]);
  expect(state).toMatchObject({ getterSuccessAt: 5000, getterDurationMs: 1, getterFailure: undefined });
  expect(state.answer?.groups).toEqual([{ targets: ['b:1'], labels: {} }]);
});
