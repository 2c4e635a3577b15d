import { expect, test } from 'vitest';
import { counted } from '../../src/cli/output.ts';

test.each([
  [0, '0 jobs'],
  [1, '1 job'],
  [2, '2 jobs'],
])('%d jobs are said as %s', (count, said) => {
  expect(counted(count, 'job')).toBe(said);
});
