import { describe, expect, it } from 'vitest';
import { needsRestart } from '../../src/config/needs-restart.ts';
import { settingsOf } from './load-text.ts';

const job = 'shard_service: {node: {nodes: [10.0.0.1]}}\n';

async function between(before: string, after: string) {
  return needsRestart(await settingsOf(before + job), await settingsOf(after + job));
}

describe('a reload cannot take over', () => {
  it.each([
    ['http: {port: 1}\n', 'http: {port: 2}\n', ['http.port']],
    ['', 'http: {host: 127.0.0.1}\n', ['http.host']],
    [
      '',
      'consul: {host: other, port: 1, scheme: https, datacenter: dc2}\n',
      ['consul.host', 'consul.port', 'consul.scheme', 'consul.datacenter'],
    ],
    ['consul: {datacenter: dc2}\n', '', ['consul.datacenter']],
    ['', 'consul: {token_file: ./config.yaml}\n', ['consul.token_file']],
    ['', 'consul: {embedded: true}\n', ['consul.embedded']],
    ['consul: {embedded: true}\n', 'consul: {host: other}\n', ['consul.embedded']],
  ])('%j -> %j', async (before, after, keys) => {
    expect(await between(before, after)).toEqual(keys);
  });
});

describe('a reload takes over', () => {
  it.each([
    ['', 'http: {enable_lifecycle: true}\n'],
    ['', 'ssh: {user: prom}\n'],
    ['targets_dir: ./a\n', 'targets_dir: ./b\n'],
    ['consul: {embedded: true}\n', 'consul: {embedded: true}\njob_setting: {ticker_interval: 5}\n'],
  ])('%j -> %j', async (before, after) => {
    const keys = await between(before, after);
    expect(keys).toEqual([]);
  });
});
