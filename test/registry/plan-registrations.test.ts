import { expect, test } from 'vitest';
import type { Job } from '../../src/model/job.ts';
import { parseChecks, parseServices } from '../../src/registry/consul/consul-answers.ts';
import { planRegistrations } from '../../src/registry/consul/plan-registrations.ts';
import {
  controllerKey,
  digestOf,
  registrationBody,
  registrationsOf,
  sshPortKey,
  sshUserKey,
} from '../../src/registry/consul/registration.ts';
import { jobOf } from './observed.ts';

const job = jobOf([{ port: 1001 }, { host: '::1', port: 1002 }]);
const first = 'pool_127.0.0.1_1001';
const second = 'pool_::1_1002';

/** What an agent holds after this job was registered by `controller`. */
function held(from: Job, controller = 'me', change: Readonly<Record<string, object>> = {}) {
  const services = registrationsOf(from).map((one) => {
    const { id, name, address, port, meta } = registrationBody(one, controller);
    return [id, { ID: id, Service: name, Address: address, Port: port, Meta: meta, ...change[id] }] as const;
  });
  return Object.fromEntries(services);
}

function whole(
  wanted: Job,
  services: object,
  without?: string,
  renewal = false,
  { type = {}, leaving = '' }: { readonly type?: object; readonly leaving?: string } = {},
) {
  const checks = Object.keys(services)
    .filter((id) => id !== without)
    .map((id) => {
      const check = { CheckID: `service:${id}`, Status: 'passing', Output: '', ServiceID: id, ...type };
      return [id, check] as const;
    });
  return planRegistrations(
    registrationsOf(wanted),
    parseServices(services),
    parseChecks(Object.fromEntries(checks)),
    { group: 'me', formerly: ['me of old'] },
    renewal,
    ({ ID }) => ID === leaving,
  );
}

function plan(...args: Parameters<typeof whole>) {
  const { register, remove } = whole(...args);
  return { register: register.map(({ id }) => id), remove: remove.map(({ id }) => id) };
}

const nothing = { register: [], remove: [] };

test('an agent that has nothing gets all', () => {
  expect(plan(job, {})).toEqual({ register: [first, second], remove: [] });
});

test('an agent that has all gets nothing', () => {
  expect(plan(job, held(job))).toEqual(nothing);
});

test('with a new token all is registered again', () => {
  expect(plan(job, held(job), undefined, true)).toEqual({ register: [first, second], remove: [] });
});

test('what another controller registered the same is left alone', () => {
  expect(plan(job, held(job, 'another'))).toEqual(nothing);
});

test.each([
  ['without its meta, as prome_shard left it', { Meta: null }],
  ['under another port', { Port: 1 }],
  ['under another address', { Address: '' }],
  ['under another name', { Service: 'x' }],
])('an instance %s is registered again', (_name, change) => {
  expect(plan(job, held(job, 'me', { [first]: change }))).toEqual({ register: [first], remove: [] });
});

test('an instance whose check is missing is registered again', () => {
  expect(plan(job, held(job), second)).toEqual({ register: [second], remove: [] });
});

test.each([
  ['interval', { type: 'tcp', intervalMs: 2000, timeoutMs: 1000 }],
  ['time limit', { type: 'tcp', intervalMs: 1000, timeoutMs: 2000 }],
  ['type', { type: 'http', path: '/', intervalMs: 1000, timeoutMs: 1000 }],
] as const)('a check of another %s is registered again', (_name, check) => {
  expect(plan({ ...job, check }, held(job)).register).toEqual([first, second]);
});

test.each([
  { what: 'of another type', held: 'http', wanted: 'tcp', off: [first, second] },
  { what: 'of the same type', held: 'tcp', wanted: 'tcp', off: [] },
  { what: 'of a type that the agent does not tell', held: undefined, wanted: 'tcp', off: [] },
] as const)('a changed check $what takes the instance off the agent first: $off', ({ held: type, off }) => {
  const slower = { type: 'tcp', intervalMs: 9000, timeoutMs: 1000 } as const;
  const { register, retyped } = whole({ ...job, check: slower }, held(job), undefined, false, {
    type: { Type: type },
  });
  expect(register).toHaveLength(2);
  expect([...retyped]).toEqual(off);
});

test('what stands as it is to be is not taken off, whatever type the agent tells', () => {
  expect(whole(job, held(job), undefined, false, { type: { Type: 'http' } }).retyped.size).toBe(0);
});

test('what the config no longer names is removed, and only what this controller registered', () => {
  const foreign = { web: { ID: 'web', Service: 'web', Address: '', Port: 80, Meta: { version: '1' } } };
  expect(plan(jobOf([{ port: 1001 }]), { ...held(job), ...foreign })).toEqual({
    register: [],
    remove: [second],
  });
  expect(plan(jobOf([]), { ...held(job, 'another'), ...foreign })).toEqual(nothing);
});

test('what the config no longer names stays while its collector is leaving', () => {
  const wanted = jobOf([{ port: 1001 }]);
  expect(plan(wanted, held(job), undefined, false, { leaving: second })).toEqual(nothing);
  expect(plan(wanted, held(job), undefined, false, { leaving: first }).remove).toEqual([second]);
});

test('how a host is logged in to stands with its instance where the job says otherwise, and is put right', () => {
  const [one, two] = job.nodes;
  if (one === undefined || two === undefined) throw new Error('two nodes');
  const other: Job = { ...job, nodes: [{ ...one, ssh: { ...one.ssh, user: 'prom', port: 2222 } }, two] };
  expect(registrationsOf(other).map(({ login }) => login)).toEqual([
    { [sshUserKey]: 'prom', [sshPortKey]: '2222' },
    {},
  ]);
  expect(plan(other, held(other))).toEqual(nothing);
  expect(plan(other, held(job))).toEqual({ register: [first], remove: [] });
  expect(plan(job, held(other))).toEqual({ register: [first], remove: [] });
});

test('the digest is that of earlier versions, so that nothing is registered anew for it', () => {
  expect(registrationsOf(job).map(digestOf)).toEqual(['dfb84f54e3609a81', 'b3dd0061dbf2a5a4']);
});

test('instances of a job that the config no longer names, or no longer registers, are removed', () => {
  expect(plan(jobOf([], { name: 'other' }), held(job)).remove).toEqual([first, second]);
  expect(plan({ ...job, register: false }, held(job)).remove).toEqual([first, second]);
});

test('a TCP check names host and port, an HTTP check the URL, with brackets around IPv6', () => {
  const [, tcp] = registrationsOf(job);
  const [, http] = registrationsOf({
    ...job,
    check: { type: 'http', path: '/-/ready', intervalMs: 5000, timeoutMs: 500 },
  });
  if (tcp === undefined || http === undefined) throw new Error('two nodes make two registrations');
  expect(registrationBody(tcp, 'me')).toMatchObject({
    ...{ id: second, name: 'pool', address: '::1', port: 1002, meta: { [controllerKey]: 'me' } },
    check: { tcp: '[::1]:1002', interval: '1000ms', timeout: '1000ms' },
  });
  expect(registrationBody(http, 'me')).toMatchObject({
    check: { http: 'http://[::1]:1002/-/ready', interval: '5000ms', timeout: '500ms' },
  });
});

test('what an earlier version registered here under its own name is registered again as the group', () => {
  expect(plan(job, held(job, 'me of old'))).toEqual({ register: [first, second], remove: [] });
});

test('what an earlier version registered here and the config no longer names is removed', () => {
  expect(plan({ ...job, nodes: [] }, held(job, 'me of old'))).toEqual({
    register: [],
    remove: [first, second],
  });
});
