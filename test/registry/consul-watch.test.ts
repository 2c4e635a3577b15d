import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';
import { entryOf, type OddAnswer, passing } from './consul-double.ts';
import { both, consulRig, job, staleOf } from './consul-rig.ts';
import { type Observed, portsOf } from './observed.ts';

const rig = consulRig();

const failures = async (observed: Observed) =>
  await observed.metric('prome_shard_consul_watch_failures_total{job="pool"}');

describe('answers that are no answer', () => {
  const plain = { 'content-type': 'text/plain' };
  const indexed = { 'x-consul-index': '99' };
  const odd: [string, OddAnswer, RegExp][] = [
    ['400', { status: 400, headers: plain, body: 'Invalid index' }, /answered 400 \(Invalid index\)/],
    [
      '403',
      { status: 403, headers: plain, body: 'ACL not found' },
      /403 \(ACL not found\).*service:read on .+pool.+ and node:read/,
    ],
    [
      '429',
      { status: 429, headers: plain, body: 'Your IP is issuing too many concurrent connections' },
      /429.*http_max_conns_per_client/,
    ],
    [
      '500 without a leader',
      { status: 500, headers: plain, body: 'No cluster leader' },
      /500 \(No cluster leader\)/,
    ],
    ['an error in broken JSON', { status: 502, body: '{' }, /answered 502/],
    ['no index', { body: '[]' }, /headers .*x-consul-index/],
    ['an index that is no number', { headers: { 'x-consul-index': '-1' }, body: '[]' }, /expected a number/],
    ['no leader known', { headers: { ...indexed, 'x-consul-knownleader': 'false' } }, /knows no leader/],
    ['an old leader', { headers: { ...indexed, 'x-consul-lastcontact': '30001' } }, /knows no leader/],
    ['garbage', { headers: indexed, body: '[{"Node":' }, /cannot be read .*JSON/],
    ['an object', { headers: indexed, body: '{}' }, /another shape at its root/],
    [
      'an entry without a port',
      {
        headers: indexed,
        body: '[{"Node":{"Node":"n","Address":"a"},"Service":{"ID":"i","Service":"s","Address":""},"Checks":[]}]',
      },
      /another shape at 0.Service.Port/,
    ],
    ['text', { headers: { ...indexed, 'content-type': 'text/html' }, body: '<html>' }, /another shape/],
    ['nothing at all', { headers: indexed, body: '' }, /another shape/],
    [
      'an answer without end',
      { headers: indexed, body: `[${' '.repeat(64 << 20)}]` },
      /the answer is longer than 64 MiB/,
    ],
    ['a cut after the headers', 'cut', /could not be asked .*the connection ended before the answer did/],
  ];

  test.each(odd)('%s keeps the pool, says so, and the watch starts anew', async (_name, answer, text) => {
    const observed = await rig.known();
    rig.consul.odd.push(answer);
    rig.consul.show(both);
    // The answer to the query that waits is good; the odd one is for the next.
    await until(() => observed.log().some((line) => line.includes('watch in Consul failed')), {
      within: 3000,
    });
    await until(() => observed.log().some((line) => line.includes('works again')), { within: 5000 });
    const stale = observed.log().find((line) => line.includes('pool changed') && line.includes('stale='));
    expect(stale).toMatch(text);
    expect(await failures(observed)).toBe(1);
    expect(new Set(observed.steps())).toEqual(new Set(['1001 1002']));
    expect(staleOf(observed)).toBeUndefined();
    expect(rig.consul.queries.filter(({ index }) => index === 0n)).toHaveLength(2);
  });

  test('no answer within the time limit is a failure', async () => {
    const observed = await rig.known({ waitMs: 10 });
    rig.consul.odd.push('silence');
    rig.consul.show(both);
    await until(() => staleOf(observed)?.includes('timed out'), { within: 8000 });
    await until(() => staleOf(observed) === undefined);
  });

  test('a failure before the first answer is the reason of a pending pool', async () => {
    rig.consul.odd.push({ status: 500, body: '"No cluster leader"' });
    rig.consul.show(both);
    const observed = rig.start();
    await until(() => observed.view().state === 'known');
    expect(observed.steps()).toEqual(['pending', '1001 1002']);
    expect(observed.log().join()).toContain('No cluster leader');
  });

  test('a failure is logged once however often it happens, and each try ends the connection of the last', async () => {
    rig.consul.odd.push({ status: 500 }, { status: 500 }, { status: 500 });
    const observed = await rig.known();
    expect(await failures(observed)).toBe(3);
    expect(observed.log().filter((line) => line.includes('watch in Consul failed'))).toHaveLength(1);
    // An idle connection would stay for seconds.
    await until(() => rig.consul.connections === 1, { within: 1000 });
  });

  test('after an answer the waits between tries are short again', async () => {
    rig.consul.odd.push({ status: 500 }, { status: 500 }, { status: 500 });
    const observed = await rig.known();
    // Longer ones are the limits of queries, shorter ones the floor between them.
    const backoffs = () => rig.waits.filter((ms) => ms >= 250 && ms < 60_000);
    expect(backoffs()).toHaveLength(3);
    expect(backoffs()[2]).toBeGreaterThanOrEqual(1000);
    rig.waits.length = 0;
    rig.consul.odd.push({ status: 500 });
    rig.consul.show(both);
    await until(async () => (await failures(observed)) === 4);
    await until(() => staleOf(observed) === undefined);
    // The fourth wait in a row would be 2 s at least.
    expect(backoffs()).toHaveLength(1);
    expect(backoffs()[0]).toBeLessThanOrEqual(500);
  });

  test('a change of the config does not make a stale pool fresh', async () => {
    const observed = await rig.known();
    rig.consul.odd.push({ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 });
    rig.consul.show(both);
    await until(() => staleOf(observed));
    observed.registry.reconfigure([{ ...job, description: 'changed' }]);
    expect(staleOf(observed)).toMatch(/answered 500/);
  });
});

describe('the index', () => {
  test('is 0 first, then what Consul said, and 0 again when it went backwards', async () => {
    await rig.known();
    rig.consul.show(both, 50n);
    rig.consul.show(both, 5n);
    await until(() => rig.consul.queries.length >= 5);
    expect(rig.consul.queries.map(({ index }) => Number(index)).slice(0, 5)).toEqual([0, 11, 50, 0, 5]);
  });
});

describe('an empty list', () => {
  test('is never believed, and what comes after it is', async () => {
    const observed = await rig.known();
    rig.consul.show([]);
    await until(() => staleOf(observed) === 'Consul shows no healthy collector');
    expect(portsOf(observed.view())).toBe('1001 1002');
    rig.consul.show([entryOf(1002, passing)]);
    await until(() => portsOf(observed.view()) === '1002' && staleOf(observed) === undefined);
  });
});

describe('access', () => {
  test('the token is read from its file at each call, trimmed', async () => {
    const tokenFile = join(await tempFolder('token'), 'token');
    await writeFile(tokenFile, 'first\n');
    await rig.known({ access: { tokenFile } });
    expect(rig.consul.queries[0]?.token).toBe('first');
    await writeFile(tokenFile, ' second ');
    rig.consul.show(both);
    await until(() => rig.consul.queries.at(-1)?.token === 'second');
  });

  test('a token file that is missing is a failure that names its key, and never a call without a token', async () => {
    const observed = rig.start({ access: { tokenFile: '/nowhere/token' } });
    await until(() => {
      const view = observed.view();
      return view.state === 'pending' && view.reason.includes('consul.token_file must be a readable file');
    });
    expect(rig.consul.queries).toEqual([]);
  });
});

test('calls are no more than two at once and then one a second, however fast Consul changes', async () => {
  await rig.known({ floorMs: 1000, haste: 1 });
  const from = Date.now();
  const asked = rig.consul.queries.length;
  await until(() => {
    rig.consul.show(both);
    return Date.now() - from > 2500;
  });
  const seconds = (Date.now() - from) / 1000;
  expect(rig.consul.queries.length - asked).toBeLessThanOrEqual(2 + seconds);
});

test('a stopped Consul registry has no timer and no connection left', async () => {
  const observed = await rig.known();
  await observed.registry.stop();
  await until(() => rig.consul.connections === 0);
  const asked = rig.consul.queries.length;
  rig.consul.show([]);
  expect(rig.consul.queries).toHaveLength(asked);
  expect(process.getActiveResourcesInfo()).not.toContain('TCPSocketWrap');
});
