import { expect, test } from 'vitest';
import { AnswerJudge, type JudgedAnswer } from '../../src/getters/answer/answer-judge.ts';

const text = (...targets: string[]) =>
  JSON.stringify(targets.map((target) => ({ targets: [target], labels: {} })));

function good(judged: JudgedAnswer) {
  if (!judged.ok) throw new Error(judged.message);
  return judged;
}

test('a good answer comes back checked, without its duplicates, with a digest', () => {
  const judged = good(new AnswerJudge().judge('j', text('127.0.0.1:1', '127.0.0.2:1', '127.0.0.1:1')));
  expect(judged.groups.flatMap(({ targets }) => targets)).toEqual(['127.0.0.1:1', '127.0.0.2:1']);
  expect(judged).toMatchObject({ duplicates: 1, digest: expect.stringMatching(/^[\w+/]{43}=$/) });
});

test('the same text again is the same list, not an equal one: what was worked out for it is kept', () => {
  const answers = new AnswerJudge();
  const first = good(answers.judge('j', text('127.0.0.1:1')));
  expect(good(answers.judge('j', text('127.0.0.1:1'))).groups).toBe(first.groups);
  const other = good(answers.judge('j', text('127.0.0.2:1')));
  expect(other.groups).not.toEqual(first.groups);
  expect(other.digest).not.toBe(first.digest);
});

test('each job has its own last answer', () => {
  const answers = new AnswerJudge();
  const mine = good(answers.judge('j', text('127.0.0.1:1')));
  const others = good(answers.judge('k', text('127.0.0.1:1')));
  expect(others.groups).not.toBe(mine.groups);
  expect(good(answers.judge('j', text('127.0.0.1:1'))).groups).toBe(mine.groups);
});

test('a bad answer is not remembered, and the last good one still is', () => {
  const answers = new AnswerJudge();
  const first = good(answers.judge('j', text('127.0.0.1:1')));
  for (let times = 0; times < 2; times++) {
    expect(answers.judge('j', 'null')).toEqual({ ok: false, message: expect.stringContaining('null') });
    expect(answers.judge('j', '{half')).toMatchObject({ ok: false });
  }
  expect(good(answers.judge('j', text('127.0.0.1:1'))).groups).toBe(first.groups);
});
