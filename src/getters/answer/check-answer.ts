import { type CheckedGroups, checkGroups } from './check-groups.ts';

/** The check that a getter's answer gets, for a getter's own tests: the controller sees an answer as JSON, without what is undefined. */
export function checkAnswer(answer: unknown): CheckedGroups {
  const json = JSON.stringify(answer);
  return checkGroups(json === undefined ? answer : JSON.parse(json));
}
