import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort, freePorts } from './free-port.ts';

test('ports are different and can be listened on', async () => {
  const ports = await freePorts(50);
  expect(new Set(ports).size).toBe(50);
  for (const port of ports.slice(0, 5)) {
    const server = createServer().listen(port, '127.0.0.11');
    await new Promise((resolve) => server.once('listening', resolve));
    server.close();
  }
});

test('ports lie below those of outgoing connections', async () => {
  expect(await freePort()).toBeLessThan(32_768);
});
