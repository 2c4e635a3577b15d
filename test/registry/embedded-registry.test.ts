import { expect, test } from 'vitest';
import { createEmbeddedRegistry } from '../../src/registry/embedded/embedded-registry.ts';
import { until } from '../helpers/until.ts';
import { httpCollector, tcpCollector } from './collectors.ts';
import { jobOf, observe, ports, portsOf } from './observed.ts';
import { registrySuite } from './registry-suite.ts';

registrySuite('embedded', createEmbeddedRegistry);

test('a stopped embedded registry has no timer, no connection and no check left', async () => {
  const tcp = await Promise.all(Array.from({ length: 5 }, tcpCollector));
  const hanging = await Promise.all(Array.from({ length: 5 }, () => httpCollector('/', () => undefined)));
  const check = { type: 'http', path: '/', intervalMs: 1000, timeoutMs: 60_000 } as const;
  const jobs = [jobOf(tcp), jobOf(hanging, { name: 'hanging', check })];
  const before = timers();
  const observed = observe(jobs, createEmbeddedRegistry);
  observed.registry.start();
  await until(() => portsOf(observed.view()) === ports(...tcp) && hanging.every(({ open }) => open === 1));
  expect(timers()).toBeGreaterThanOrEqual(before + 9);
  await observed.registry.stop();
  // The test runner's own timer comes and goes.
  expect(timers()).toBeLessThanOrEqual(before + 1);
  await until(() => [...tcp, ...hanging].every(({ open }) => open === 0));
  for (const collector of [...tcp, ...hanging]) await collector.die();
  expect(portsOf(observed.view())).toBe(ports(...tcp));
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}
