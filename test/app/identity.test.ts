import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { identityOf } from '../../src/app/identity.ts';

test.each([
  { host: '', url: `http://${hostname()}:8801` },
  { host: '0.0.0.0', url: `http://${hostname()}:8801` },
  { host: '10.0.0.5', url: 'http://10.0.0.5:8801' },
  { host: '::1', url: 'http://[::1]:8801' },
])('a controller that listens on "$host" is found at $url', ({ host, url }) => {
  expect(identityOf({ host, port: 8801 })).toEqual({ controller: `${hostname()}:8801`, url });
});

test('a pass that listens nowhere is known by its host', () => {
  expect(identityOf()).toEqual({ controller: hostname() });
});
