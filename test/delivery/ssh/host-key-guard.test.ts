import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import type { Hop } from '../../../src/delivery/ssh/hop.ts';
import { guardHostKey } from '../../../src/delivery/ssh/host-key-guard.ts';
import { createKnownHostsFile } from '../../../src/delivery/ssh/known-hosts-file.ts';
import { sampleSsh } from '../../helpers/sample-job.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { collectedLog } from '../collected-log.ts';

const hop: Hop = {
  host: 'collector',
  access: { ...sampleSsh, hostKey: 'accept-new' },
  name: 'root@collector:22',
  withFiles: true,
};
const type = Buffer.from('\0\0\0\x0bssh-ed25519', 'latin1');
const first = Buffer.concat([type, Buffer.from('first')]);
const second = Buffer.concat([type, Buffer.from('second')]);
let path: string;

const guard = () => guardHostKey(hop, createKnownHostsFile(path), collectedLog().log);

beforeEach(async () => {
  path = join(await tempFolder('known'), 'known_hosts');
});

test('of two connections to a new host that are shown different keys, the one that proves its key later is refused', async () => {
  const [one, other] = [guard(), guard()];
  expect(one.verify(first)).toBe(true);
  expect(other.verify(second)).toBe(true);
  one.proved();
  expect(() => other.proved()).toThrow(/expected ssh-ed25519 SHA256:.*somebody stands between/);
  expect(other.refusal()?.code).toBe('ssh_host_key_changed');
  expect(await readFile(path, 'utf8')).toBe(`collector ssh-ed25519 ${first.toString('base64')}\n`);
});

test('of two connections to a new host that are shown the same key, one writes it down', async () => {
  const both = [guard(), guard()];
  for (const { verify } of both) expect(verify(first)).toBe(true);
  for (const { proved } of both) proved();
  expect(await readFile(path, 'utf8')).toBe(`collector ssh-ed25519 ${first.toString('base64')}\n`);
});

test('a key whose type would break a line is not repeated, neither in a message nor in known_hosts', () => {
  const odd = Buffer.from('ssh-x \u001b[2J\nevil ssh-ed25519', 'latin1');
  const blob = Buffer.concat([Buffer.from([0, 0, 0, odd.length]), odd, Buffer.from('key')]);
  const strict = guardHostKey({ ...hop, access: sampleSsh }, createKnownHostsFile(path), collectedLog().log);
  expect(strict.verify(blob)).toBe(false);
  expect(strict.refusal()?.message).toContain('which showed unreadable SHA256:');
  expect(strict.refusal()?.message).not.toMatch(/\p{Cc}/u);
});
