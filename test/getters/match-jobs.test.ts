import { describe, expect, test } from 'vitest';
import { matchJobs, type Offer } from '../../src/getters/match-jobs.ts';
import type { MemberVia } from '../../src/getters/wire.ts';

function offer(name: string, members: Readonly<Record<string, MemberVia>>, what = 'function'): Offer {
  const list = Object.entries(members).map(([member, via]) => ({ name: member, via, what }));
  return { file: `/p/targets/${name}`, shortPath: `targets/${name}`, members: list };
}

function match(job: string, ...offers: Offer[]) {
  return matchJobs([job], offers, '/p/targets');
}

describe('a job', () => {
  test.each(['named', 'default', 'static', 'instance'] as const)(
    'gets its one getter by %s export',
    (via) => {
      const { places, problems } = match(
        'ecs',
        offer('a.ts', { other: 'named' }),
        offer('b.ts', { ecs: via }),
      );
      expect([...places]).toEqual([['ecs', { file: '/p/targets/b.ts', name: 'ecs', via }]]);
      expect(problems).toEqual([]);
    },
  );

  test('without one is told what is there, and the nearest name', () => {
    const { places, problems } = match(
      'scrape_esc',
      offer('a.ts', { scrape_ecs: 'named', x: 'named' }),
      offer('b.ts', { lb: 'static' }),
    );
    expect(places.size).toBe(0);
    expect(problems).toEqual([
      {
        file: '/p/targets',
        jobs: ['scrape_esc'],
        message:
          'job "scrape_esc" has no getter: expected a function exported under its name, found scrape_ecs (targets/a.ts), ' +
          'x (targets/a.ts), lb (targets/b.ts); did you mean "scrape_ecs"?',
      },
    ]);
  });

  test('without any function around is told so', () => {
    expect(match('ecs', offer('a.ts', {})).problems[0]?.message).toContain(
      'found none that is not named after another job',
    );
  });

  test('is not told the getters of other jobs, which nobody misspelt', () => {
    const { problems } = matchJobs(
      ['db', 'web'],
      [offer('a.ts', { db: 'named', wbe: 'named' })],
      '/p/targets',
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/job "web" has no getter: .* found wbe \(targets\/a.ts\); did you mean "wbe"\?$/),
    ]);
  });

  test('is not told hundreds of names', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`getter_${i}`, 'named'] as const));
    expect(match('ecs', offer('a.ts', many)).problems[0]?.message).toContain(
      'getter_9 (targets/a.ts) and 290 more',
    );
  });

  test('with two in two files is told both', () => {
    const { places, problems } = match(
      'ecs',
      offer('a.ts', { ecs: 'named' }),
      offer('b.ts', { ecs: 'static' }),
    );
    expect(places.size).toBe(0);
    expect(problems).toEqual([
      {
        file: '/p/targets/b.ts',
        jobs: ['ecs'],
        message:
          'job "ecs" has 2 getters, keep one: targets/a.ts (named export) and targets/b.ts (static method of the default class)',
      },
    ]);
  });

  test('whose name is exported as something else is told what it is', () => {
    expect(match('ecs', offer('a.ts', { ecs: 'named' }, 'a class')).problems).toEqual([
      {
        file: '/p/targets/a.ts',
        jobs: ['ecs'],
        message: 'job "ecs": expected the export of its name to be a function, it is a class',
      },
    ]);
  });

  test.each(['constructor', 'toString', '__proto__', 'valueOf'])(
    'called %s finds nothing by accident',
    (job) => {
      const { places, problems } = match(job, offer('a.ts', { ecs: 'named' }));
      expect(places.has(job)).toBe(false);
      expect(problems).toHaveLength(1);
    },
  );
});
