import { expect, it } from 'vitest';
import { isHost, parseAddress } from '../../src/config/node-address.ts';

it.each([
  ['prom-a', { host: 'prom-a' }],
  ['prom_a.example.com', { host: 'prom_a.example.com' }],
  ['10.0.0.1', { host: '10.0.0.1' }],
  ['10.0.0.1:9091', { host: '10.0.0.1', port: 9091 }],
  ['localhost1:1', { host: 'localhost1', port: 1 }],
  ['::1', { host: '::1' }],
  ['2001:db8::5', { host: '2001:db8::5' }],
  ['[2001:db8::5]', { host: '2001:db8::5' }],
  ['[2001:db8::5]:9091', { host: '2001:db8::5', port: 9091 }],
])('%s is an address', (text, address) => {
  expect(parseAddress(text)).toEqual(address);
});

it.each([
  '',
  '10.0.0.256',
  '10.0.0',
  '10.0.0.1:0',
  '10.0.0.1:65536',
  '10.0.0.1:',
  '10.0.0.1:9091:9092',
  'http://a',
  'a/b',
  'a b',
  'a\n',
  '-a',
  'a-',
  'a..b',
  '.a',
  'user@a',
  '$(id)',
  'a;b',
  '{a}',
  '[a]:1',
  '[10.0.0.1]:1',
  'fe80::1%eth0',
  'ü',
  'a'.repeat(254),
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeUndefined();
});

it('a host has no port', () => {
  expect(['a:1', '[::1]', '[::1]:1'].filter(isHost)).toEqual([]);
});
