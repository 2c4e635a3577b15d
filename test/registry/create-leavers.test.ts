import { expect, test } from 'vitest';
import { createLeavers } from '../../src/registry/consul/create-leavers.ts';
import { jobOf } from './observed.ts';

const owner = { group: 'ours', formerly: [] };
const job = jobOf([{ port: 1001 }]);

function entry(port: number) {
  const Meta = { 'prome-shard-controller': 'ours' };
  const ID = `pool_127.0.0.1_${port}`;
  return { Service: { ID, Service: 'pool', Address: '127.0.0.1', Port: port, Meta } };
}

const all = [entry(1001), entry(1002), entry(1003)];
const collector = (port: number) => ({
  name: `127.0.0.1:${port}`,
  host: '127.0.0.1',
  port,
  zone: '',
  weight: 1,
});

function leavers() {
  const told: string[] = [];
  const made = createLeavers({
    job,
    owner,
    joined: () => void told.push('joined'),
    letGo: () => void told.push('let go'),
  });
  const names = () => made.nodes().map(({ collector: { port } }) => port);
  return { ...made, told, names };
}

test('those who left are told of once, and stay on the agent until they are let go', () => {
  const made = leavers();
  made.saw(job, all);
  made.saw(job, all);
  expect(made.names()).toEqual([1002, 1003]);
  expect(made.isLeaving(entry(1002).Service)).toBe(true);
  made.letGo(collector(1002));
  made.letGo(collector(1002));
  expect(made.names()).toEqual([1003]);
  expect(made.isLeaving(entry(1002).Service)).toBe(false);
  expect(made.isLeaving(entry(1003).Service)).toBe(true);
  expect(made.told).toEqual(['joined', 'let go']);
});

test('one is not removed before Consul has shown who is there', () => {
  expect(leavers().isLeaving(entry(1002).Service)).toBe(true);
});

test('a goodbye is over when Consul shows it no more', () => {
  const made = leavers();
  made.saw(job, all);
  made.letGo(collector(1002));
  made.saw(job, all);
  expect(made.goodbyes()).toBe(1);
  expect(made.names()).toEqual([1003]);
  made.saw(job, [entry(1001), entry(1003)]);
  expect(made.goodbyes()).toBe(0);
  made.saw(job, all);
  expect(made.names(), 'it was registered again, and left again').toEqual([1002, 1003]);
});

test('one that the config takes back has left no more, and may leave again', () => {
  const made = leavers();
  made.saw(job, all);
  made.letGo(collector(1002));
  made.saw(jobOf([{ port: 1001 }, { port: 1002 }]), all);
  expect(made.names()).toEqual([1003]);
  expect(made.goodbyes()).toBe(0);
  made.saw(job, all);
  expect(made.names()).toEqual([1002, 1003]);
});

test('nobody is let go who has not left', () => {
  const made = leavers();
  made.saw(job, all);
  made.letGo(collector(1001));
  expect(made.goodbyes()).toBe(0);
});

test('after the lead changed, those who were let go are looked at again', () => {
  const made = leavers();
  made.saw(job, all);
  made.leadChanged();
  expect(made.told).toEqual(['joined']);
  made.letGo(collector(1002));
  made.leadChanged();
  expect(made.names()).toEqual([1002, 1003]);
  expect(made.told).toEqual(['joined', 'let go', 'joined']);
});
