import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadSettings } from '../../src/config/load-settings.ts';
import { firstJobOf as firstJob, folderWith, settingsOf } from './load-text.ts';

const oneJob = 'shard_service:\n  node:\n    nodes: [10.0.0.1]\n';

describe('consul', () => {
  it('takes files by absolute paths, and the token from the environment without showing it', async () => {
    const folder = await folderWith('');
    for (const name of ['t', 'ca', 'c', 'k']) await writeFile(join(folder, name), '');
    const text = `consul: {host: c.example.com, port: 8501, scheme: https, datacenter: dc2, token_file: t, ca_file: ca, cert_file: c, key_file: ./k}\n${oneJob}`;
    const settings = await settingsOf(text, { CONSUL_HTTP_TOKEN: ' 6f2a7c1e \n' }, folder);
    const { registry } = settings;
    if (registry.type !== 'consul') throw new Error('expected consul');
    const { token, ...rest } = registry.consul;
    expect(rest).toEqual({
      host: 'c.example.com',
      port: 8501,
      scheme: 'https',
      datacenter: 'dc2',
      tokenFile: join(folder, 't'),
      caFile: join(folder, 'ca'),
      certFile: join(folder, 'c'),
      keyFile: join(folder, 'k'),
    });
    expect(token?.reveal()).toBe('6f2a7c1e');
    expect(inspect(settings, { depth: 9 }) + JSON.stringify(settings)).not.toContain('6f2a7c1e');
  });

  it('ignores an empty token of the environment', async () => {
    const { registry } = await settingsOf(oneJob, { CONSUL_HTTP_TOKEN: '' });
    expect(registry.type === 'consul' && 'token' in registry.consul).toBe(false);
  });

  it('may be embedded', async () => {
    expect((await settingsOf(`consul: {embedded: true}\n${oneJob}`)).registry).toEqual({ type: 'embedded' });
  });
});

describe('the ssh agent', () => {
  it('is taken where its socket is named', async () => {
    const { jobs } = await settingsOf(`ssh: {agent: true}\n${oneJob}`, { SSH_AUTH_SOCK: '/run/agent' });
    expect(jobs[0]?.ssh.agent).toBe(true);
  });
});

describe('known hosts', () => {
  it('may be a file that accept-new will make', async () => {
    const job = await firstJob(`ssh: {host_key: accept-new, known_hosts_file: /none/known}\n${oneJob}`);
    expect([job.ssh.hostKey, job.ssh.knownHostsFile]).toEqual(['accept-new', '/none/known']);
  });
});

describe('the home folder', () => {
  it.each([
    ['~', ''],
    ['~/getters', '/getters'],
  ])('is what %s begins with', async (text, rest) => {
    const { targetsDir } = await settingsOf(`targets_dir: ${text.replace(/^~$/, '"~"')}\n${oneJob}`, {
      HOME: '/home/nobody',
    });
    expect(targetsDir).toBe(`/home/nobody${rest}`);
  });

  it('is the one of the user list where HOME is not set', async () => {
    const folder = await folderWith(oneJob);
    const answer = await loadSettings(join(folder, 'config.yaml'), {});
    expect(answer.ok && answer.settings.jobs[0]?.ssh.knownHostsFile).toBe(`${homedir()}/.ssh/known_hosts`);
  });
});
