import { expect, test } from 'vitest';
import { asHeld } from '../../../src/controller/planning/as-held.ts';
import type { Plan } from '../../../src/model/plan.ts';

const group = (...targets: string[]) => ({ targets, labels: { env: 'x' } });
const plan: Plan = new Map([
  ['a', [group('t:1', 't:2', 't:3')]],
  ['b', [group('t:4')]],
  ['c', []],
]);

/** What each collector holds, as `collector target`. */
const asWith = (...held: string[]) => asHeld(plan, (name, address) => held.includes(`${name} ${address}`));

test('a target that its owner holds stays there, whoever else holds it', () => {
  expect(asWith('a t:1', 'b t:1').get('a')?.[0]?.targets).toContain('t:1');
});

test('a target that only another of the plan holds stays with that one, with its labels', () => {
  const made = asWith('c t:2', 'c t:4', 'a t:1');
  expect(made.get('c')).toMatchObject([group('t:2', 't:4')]);
  expect(made.get('a')).toMatchObject([group('t:1', 't:3')]);
  expect(made.get('b'), 'an empty list, not none').toEqual([]);
});

test('a target that nobody of the plan holds goes to its owner', () => {
  expect(
    [...asWith('gone t:1')].map(([name, list]) => [name, list.flatMap(({ targets }) => targets)]),
  ).toEqual([
    ['a', ['t:1', 't:2', 't:3']],
    ['b', ['t:4']],
    ['c', []],
  ]);
});
