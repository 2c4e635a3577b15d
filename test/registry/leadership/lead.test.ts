import { expect, test } from 'vitest';
import { createLead } from '../../../src/registry/consul/leadership/lead.ts';
import { virtualClock } from '../virtual-clock.ts';

function made() {
  const at = { steadyMs: 0, wallMs: 0 };
  const told: string[] = [];
  const now = () => ({ ...at });
  const changed = (leads: boolean, why: string) => told.push(`${leads} ${why}`.trim());
  return { at, told, lead: createLead({ ttlMs: 10_000, now, clock: virtualClock(), changed }) };
}

test('a sleep that was seen once is not undone by a clock that is set back', () => {
  const { at, lead } = made();
  lead.proven({ ...at });
  at.wallMs += 8000;
  expect(lead.leads()).toBe(true);
  at.wallMs -= 3_600_000;
  at.steadyMs += 1999;
  expect(lead.leads()).toBe(true);
  at.steadyMs += 1;
  expect(lead.leads()).toBe(false);
});

test('a lease that is over stays over, whatever the clocks say, until the next proof', () => {
  const { at, lead } = made();
  lead.proven({ ...at });
  at.wallMs += 10_000;
  expect(lead.leads()).toBe(false);
  at.wallMs -= 10_000;
  expect(lead.leads()).toBe(false);
  lead.proven({ ...at });
  expect(lead.leads()).toBe(true);
});

test('a proof that was sent too long ago proves nothing', () => {
  const { at, lead, told } = made();
  const sentAt = { ...at };
  at.steadyMs += 10_000;
  lead.proven(sentAt);
  expect(lead.leads()).toBe(false);
  expect(told).toEqual([]);
});

test('a lease that ran out unseen is told before the one that follows it', () => {
  const { at, lead, told } = made();
  lead.proven({ ...at });
  at.steadyMs += 60_000;
  lead.proven({ ...at });
  lead.lost('somebody took it');
  expect(told).toEqual(['true', 'false its lease ran out', 'true', 'false somebody took it']);
});
