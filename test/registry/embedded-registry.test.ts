import { expect, test } from 'vitest';
import { createEmbeddedRegistry } from '../../src/registry/embedded/embedded-registry.ts';
import { until } from '../helpers/until.ts';
import { httpCollector, tcpCollector } from './collectors.ts';
import { jobOf, observe, ports, portsOf } from './observed.ts';
import { registrySuite } from './registry-suite.ts';

registrySuite('embedded', createEmbeddedRegistry);

test('a stopped embedded registry has no timer, no connection and no check left', async () => {
  await until(() => !timersAndSockets().includes('TCPSocketWrap'));
  const before = timersAndSockets();
  const tcp = await tcpCollector();
  const web = await httpCollector('/', () => undefined);
  const check = { type: 'http', path: '/', intervalMs: 1000, timeoutMs: 60_000 } as const;
  const observed = observe([jobOf([tcp]), jobOf([web], { name: 'hanging', check })], createEmbeddedRegistry);
  observed.registry.start();
  await until(() => portsOf(observed.view()) === ports(tcp) && web.open === 1);
  await observed.registry.stop();
  await until(() => tcp.open === 0 && web.open === 0);
  await tcp.die();
  await web.die();
  expect(timersAndSockets()).toEqual(before);
  expect(portsOf(observed.view())).toBe(ports(tcp));
});

/** What keeps this process busy, but for the listening servers and pipes of the test itself. */
function timersAndSockets(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind !== 'TCPServerWrap' && kind !== 'PipeWrap')
    .toSorted();
}
