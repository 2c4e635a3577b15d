import { ShardError } from '../../src/model/errors.ts';
import type { Leadership } from '../../src/registry/leadership.ts';

/** A lead that the test gives and takes. */
export function handLeadership(): Leadership & { leads: boolean } {
  const lead = {
    leads: true,
    start: () => undefined,
    view: () => (lead.leads ? ({ leads: true } as const) : ({ leads: false, leader: 'another' } as const)),
    assertLeads() {
      if (!lead.leads) throw new ShardError('not_leading', 'expected to lead, another does');
    },
    stop: async () => undefined,
  };
  return lead;
}
