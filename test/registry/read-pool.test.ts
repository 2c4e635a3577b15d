import { describe, expect, test } from 'vitest';
import { parseServiceAnswer } from '../../src/registry/consul/consul-answers.ts';
import { readPool } from '../../src/registry/consul/read-pool.ts';
import { entryOf, neverRan, passing, refused } from './consul-double.ts';
import { jobOf } from './observed.ts';

const registered = jobOf([{ port: 1001, zone: 'x', weight: 2 }, { port: 1002 }]);
const selfRegistered = { ...registered, register: false };

function read(job: typeof registered, ...entries: object[]): Record<string, string> {
  const answer = parseServiceAnswer({ 'x-consul-index': '1' }, entries);
  const { sightings, ignored } = readPool(job, answer.entries);
  return Object.fromEntries([
    ...sightings.map(({ collector: { name, zone, weight }, health }) => [
      name,
      [health.state, 'reason' in health ? health.reason : '', zone, weight].filter(Boolean).join(' '),
    ]),
    ...[...ignored].map(([instance, why]) => [instance, `ignored: ${why}`]),
  ]);
}

const warning = { status: 'warning', output: '429' };
const other = entryOf(1002, passing);

describe('a job whose collectors this program registers', () => {
  test.each([
    ['passes when all checks pass', [entryOf(1001, passing)], 'passing x 2'],
    [
      'fails by its check, with the first line of what it said',
      [entryOf(1001, refused)],
      'failing dial tcp: connection refused x 2',
    ],
    ['fails by a warning, as for Consul', [entryOf(1001, warning)], 'failing 429 x 2'],
    ['fails by its node', [entryOf(1001, passing, { nodeStatus: 'critical' })], 'failing said by serf x 2'],
    [
      'fails by its node before its check ran',
      [entryOf(1001, neverRan, { nodeStatus: 'critical' })],
      'failing said by serf x 2',
    ],
    ['is untried before its check ran', [entryOf(1001, neverRan)], 'untried its check has not run yet x 2'],
    ['is untried when it is not there', [], 'untried not registered yet x 2'],
    [
      'passes by any of several instances',
      [entryOf(1001, refused, { id: 'p' }), entryOf(1001, passing), entryOf(1001, neverRan, { id: 'q' })],
      'passing x 2',
    ],
    [
      'is untried when one instance still may pass',
      [entryOf(1001, refused, { id: 'p' }), entryOf(1001, neverRan)],
      'untried its check has not run yet x 2',
    ],
    ["has its node's address where it has none", [entryOf(1001, passing, { address: '' })], 'passing x 2'],
  ])('a collector %s', (_name, entries, expected) => {
    expect(read(registered, ...entries, other)).toEqual({
      '127.0.0.1:1001': expected,
      '127.0.0.1:1002': 'passing 1',
    });
  });

  test.each([
    ['_node_maintenance', ''],
    ['_service_maintenance:web_127.0.0.1_1001', 'web_127.0.0.1_1001'],
  ])('a collector in maintenance fails at once, with the note, by %s', (id, serviceId) => {
    const switchedOn = { Status: 'critical', Output: '', Notes: 'new disk' };
    const entry = entryOf(1001, passing, { checks: [{ CheckID: id, ...switchedOn, ServiceID: serviceId }] });
    expect(read(registered, entry, other)['127.0.0.1:1001']).toBe(
      "failing Consul's maintenance mode: new disk x 2",
    );
  });

  test('an instance of ours without a check of its own is not whole', () => {
    const entry = {
      ...entryOf(1001, passing),
      Checks: [{ CheckID: 'serfHealth', Status: 'passing', Output: '', ServiceID: '' }],
    };
    expect(read(registered, entry, other)['127.0.0.1:1001']).toBe(
      'untried its check is not registered yet x 2',
    );
    expect(read(selfRegistered, entry, other)['127.0.0.1:1001']).toBe('passing x 2');
    expect(read(selfRegistered, { ...entry, Checks: null }, other)['127.0.0.1:1001']).toBe('passing x 2');
  });

  test('an instance that the config does not name is ignored', () => {
    expect(read(registered, entryOf(7, passing))['127.0.0.1:7']).toBe('ignored: the config does not name it');
  });
});

describe('a job whose collectors register themselves', () => {
  test('every instance is a collector, with zone and weight of its node where the config names it', () => {
    expect(read(selfRegistered, entryOf(1001, passing, { id: 'any' }), entryOf(7, passing))).toEqual({
      '127.0.0.1:1001': 'passing x 2',
      '127.0.0.1:1002': 'failing not registered in Consul 1',
      '127.0.0.1:7': 'passing 1',
    });
  });

  test.each([
    ['$(reboot)', 1, 'its address is neither an IP address nor a host name'],
    ['-oProxyCommand=x', 1, 'its address is neither an IP address nor a host name'],
    ['a b', 1, 'its address is neither an IP address nor a host name'],
    ['../x', 1, 'its address is neither an IP address nor a host name'],
    ['a..b', 1, 'its address is neither an IP address nor a host name'],
    ['host', 0, 'its port is not between 1 and 65535'],
    ['host', 65_536, 'its port is not between 1 and 65535'],
  ])('an instance at %j port %i is ignored', (address, port, why) => {
    expect(read(selfRegistered, entryOf(port, passing, { address }))).toMatchObject({
      [`${address}:${port}`]: `ignored: ${why}`,
    });
  });

  test('an address is no longer than a host name may be, zone of an IPv6 address included', () => {
    const address = `::1%${'a'.repeat(250)}`;
    expect(Object.values(read(selfRegistered, entryOf(1, passing, { address })))).toContain(
      'ignored: its address is neither an IP address nor a host name',
    );
  });

  test.each(['host', 'host-1.example.org', 'a_b', '10.0.0.1', '::1'])(
    'an instance at %s is a collector',
    (address) => {
      expect(
        Object.values(read(jobOf([], { register: false }), entryOf(9090, passing, { address }))),
      ).toEqual(['passing 1']);
    },
  );
});
