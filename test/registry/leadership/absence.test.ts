import { expect, test } from 'vitest';
import { absenceLeftMs, trackAbsence } from '../../../src/registry/consul/leadership/absence.ts';

const ttlMs = 10_000;
const at = (ms: number, wallMs = ms) => ({ steadyMs: ms, wallMs });

test.each([
  { doubtful: false, afterMs: 0, leftMs: 0 },
  { doubtful: true, afterMs: 0, leftMs: 10_000 },
  { doubtful: true, afterMs: 3000.5, leftMs: 7000 },
  { doubtful: true, afterMs: 10_000, leftMs: 0 },
  { doubtful: true, afterMs: 60_000, leftMs: 0 },
])('a key that is missed for $afterMs ms, doubtful: $doubtful, is left alone for $leftMs ms', (one) => {
  const absence = { since: at(5000), looked: at(5000), doubtful: one.doubtful };
  expect(absenceLeftMs(absence, at(5000 + one.afterMs), ttlMs)).toBe(one.leftMs);
});

test('only the clock that nobody sets makes the wait shorter', () => {
  const absence = trackAbsence(undefined, true, at(0), ttlMs);
  expect(absenceLeftMs(absence, at(1000, 3_600_000), ttlMs)).toBe(9000);
});

test('an absence begins with the first look, and looks that follow keep it', () => {
  const first = trackAbsence(undefined, true, at(1000), ttlMs);
  const second = trackAbsence(first, false, at(5000), ttlMs);
  expect(second).toEqual({ since: at(1000), looked: at(5000), doubtful: true });
  expect(trackAbsence(second, false, at(10_000), ttlMs).since).toEqual(at(1000));
});

test.each([
  ['the process slept', at(6001)],
  ['the machine slept', at(1001, 60_000)],
])('an absence that was not looked at for long begins anew, and is doubtful: %s', (_why, now) => {
  const first = trackAbsence(undefined, false, at(1000), ttlMs);
  expect(trackAbsence(first, false, now, ttlMs)).toEqual({ since: now, looked: now, doubtful: true });
});
