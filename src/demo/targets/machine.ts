import type { Labels } from '../../model/target-group.ts';

/** One machine as the demo's inventory lists it. */
export interface Machine {
  readonly name: string;
  /** `host:port` of its metrics. */
  readonly address: string;
  readonly labels: Labels;
}

const services = [
  'accounts',
  'basket',
  'catalog',
  'checkout',
  'images',
  'mail',
  'payments',
  'reviews',
  'search',
  'stock',
] as const;
const zones = ['a', 'b', 'c'] as const;

/** Machine number `index` (from 0): each service has machines in each zone, a quarter of them in staging. */
export function describeMachine(index: number, address: string): Machine {
  const service = services[index % services.length] ?? '';
  const row = Math.floor(index / services.length);
  const zone = zones[row % zones.length] ?? '';
  const env = Math.floor(row / zones.length) % 4 === 3 ? 'staging' : 'production';
  return { name: `${service}-${zone}-${row + 1}`, address, labels: { service, zone, env } };
}
