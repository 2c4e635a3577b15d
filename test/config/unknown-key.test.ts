import { describe, expect, it } from 'vitest';
import { schemaLevels } from '../../src/config/schema/schema-levels.ts';
import { explainUnknownKey } from '../../src/config/unknown-key.ts';

const levels = schemaLevels();

describe('the advice on an unknown key', () => {
  it.each([
    [['httpp'], 'http'],
    [['HTTP'], 'http'],
    [['shard_services'], 'shard_service'],
    [['shard_service', 'a', 'virtualnodes'], 'virtual_nodes'],
    [['shard_service', 'a', 'getter-timeout'], 'getter_timeout'],
    [['shard_service', 'a', 'nodes', 3, 'prot'], 'port'],
    [['shard_service', 'a', 'delivery', 'reloads'], 'reload'],
    [['consul', 'tokenfile'], 'token_file'],
  ])('%j was meant to be %s', (path, meant) => {
    expect(explainUnknownKey(path, levels).meant).toBe(meant);
  });

  it.each([
    [['ticker_interval'], 'under `job_setting`'],
    [['shard_service', 'a', 'dir'], 'under `shard_service.<job>.delivery`'],
    [['shard_service', 'a', 'delivery', 'yaml_path'], 'under `shard_service.<job>`'],
    [['job_setting', 'targets_dir'], 'at the top of the file'],
    [
      ['shard_service', 'a', 'nodes', 0, 'user'],
      'under `shard_service.<job>.nodes[].ssh` or under `shard_service.<job>.ssh`',
    ],
  ])('%j belongs %s', (path, place) => {
    expect(explainUnknownKey(path, levels).message).toBe(
      `unknown key \`${path.at(-1)}\` here: it belongs ${place}`,
    );
  });

  it.each([['password'], ['passwd'], ['ssh_password']])('%s is told that passwords have no place', (key) => {
    expect(explainUnknownKey(['ssh', key], levels).message).toContain('passwords have no place here');
  });

  it('never offers a key that this version refuses', () => {
    expect(explainUnknownKey(['shard_service', 'a', 'colour'], levels).message).not.toMatch(
      /replicas|max_moves/,
    );
  });
});
