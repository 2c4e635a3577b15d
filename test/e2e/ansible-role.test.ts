import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { ansibleDir } from '../../src/delivery/ansible/ansible-environment.ts';
import { mustRun, runCommand } from '../helpers/servers/run-command.ts';
import { type Sshd, startSshd } from '../helpers/servers/sshd.ts';
import { tempFolder } from '../helpers/temp-folder.ts';
import { ansibleTestEnv } from './ansible-on.ts';

const prometheusYml = `global: {}
rule_files:
  - rules/*.yml
scrape_configs:
  # the server itself
  - job_name: prometheus
    static_configs: [{targets: ["localhost:9090"]}]
    # promtool finds it only beside the real file
    tls_config: {ca_file: ca.pem}
`;

interface Recap {
  readonly ok: boolean;
  readonly changed: number;
  readonly output: string;
}

let sshd: Sshd;
let root: string;
const at = (...path: string[]) => join(root, ...path);

beforeAll(async () => {
  sshd = await startSshd();
});
afterAll(() => sshd.stop());
beforeEach(async () => {
  root = await tempFolder('host');
  for (const folder of ['sudoers.d', 'prometheus', 'consul.d', 'reloads']) await mkdir(at(folder));
  await writeFile(at('prometheus', 'prometheus.yml'), prometheusYml);
  await writeFile(at('prometheus', 'ca.pem'), '');
});

/** The role with nothing asked of it but the folder, for the user who runs the tests: it may write to no other. */
function least(): Record<string, unknown> {
  return {
    collector_user: userInfo().username,
    collector_user_create: false,
    collector_sd_dir: at('app', 'sd'),
    collector_sudoers_file: at('sudoers.d', 'prome-shard'),
    collector_visudo: inject('servers').visudo,
    collector_prometheus_config: at('prometheus', 'prometheus.yml'),
    collector_scrape_dir: at('prometheus', 'scrape_configs.d'),
    collector_promtool: inject('servers').promtool,
    collector_prometheus_reload_command: ['touch', at('reloads', 'prometheus')],
    collector_consul_dir: at('consul.d'),
    collector_consul_reload_command: ['touch', at('reloads', 'consul')],
  };
}

const sudo = { collector_sudo_commands: ['/usr/bin/systemctl reload prometheus'] };
const block = { collector_scrape: 'block' };
const dropIn = { collector_scrape: 'drop_in' };
const services = {
  collector_consul_services: [
    { name: 'hosts', port: 9091 },
    { name: 'apps', port: 9092, http_path: '/-/ready' },
  ],
};

/** Over SSH as in earnest, or without, which is faster. */
async function apply(
  asked: Record<string, unknown>,
  {
    flags = [],
    over = 'local',
  }: { readonly flags?: readonly string[]; readonly over?: 'local' | 'ssh' } = {},
): Promise<Recap> {
  const host = {
    ansible_host: sshd.host,
    ansible_connection: over,
    ansible_port: sshd.port,
    ansible_user: sshd.user,
    ansible_become: false,
    ansible_ssh_private_key_file: sshd.clientKeys.plain.privateFile,
    ansible_ssh_common_args: `-F none -o UserKnownHostsFile=${sshd.knownHostsFile}`,
  };
  const inventory = at('inventory.yaml');
  const vars = { ...least(), ...asked };
  await writeFile(inventory, JSON.stringify({ collectors: { hosts: { host }, vars } }));
  const { code, stdout, stderr } = await runCommand(
    inject('servers')['ansible-playbook'],
    ['-i', inventory, ...flags, join(ansibleDir, 'collector.yml')],
    {
      env: { ...ansibleTestEnv(), ANSIBLE_PIPELINING: '1', ANSIBLE_HOME: at('home') },
      timeoutMs: 300_000,
    },
  );
  const changed = Number(/changed=(\d+)/.exec(stdout)?.[1]);
  return { ok: code === 0, changed, output: stdout + stderr };
}

async function scrapeJobs(): Promise<string> {
  const config = at('prometheus', 'prometheus.yml');
  await mustRun(inject('servers').promtool, ['check', 'config', config]);
  return await readFile(config, 'utf8');
}

describe('the role that prepares the host of a collector', () => {
  test('in check mode changes nothing, then all, and a second time nothing', async () => {
    const all = { ...sudo, ...block, ...services };
    const tried = await apply(all, { flags: ['--check', '--diff'] });
    expect(tried).toMatchObject({ ok: true, changed: 5 });
    expect(await readdir(at('sudoers.d'))).toEqual([]);
    expect(await readdir(at('reloads'))).toEqual([]);
    expect(await readFile(at('prometheus', 'prometheus.yml'), 'utf8')).toBe(prometheusYml);

    expect(await apply(all, { over: 'ssh' })).toMatchObject({ ok: true });
    expect((await stat(at('app', 'sd'))).mode & 0o777).toBe(0o755);
    const sudoers = at('sudoers.d', 'prome-shard');
    expect(await readFile(sudoers, 'utf8')).toContain(
      `\n${userInfo().username} ALL=(root) NOPASSWD: /usr/bin/systemctl reload prometheus\n`,
    );
    expect((await stat(sudoers)).mode & 0o777).toBe(0o440);
    expect(await scrapeJobs()).toContain(`      - ${at('app', 'sd')}/*.json\n`);
    expect((await readdir(at('prometheus'))).sort()).toEqual(['ca.pem', 'prometheus.yml']);
    expect((await readdir(at('reloads'))).sort()).toEqual(['consul', 'prometheus']);

    expect(await apply(all)).toMatchObject({ ok: true, changed: 0 });
    expect(await apply(all, { flags: ['--check'] })).toMatchObject({ ok: true, changed: 0 });
  }, 300_000);

  test('writes a definition that Consul takes, and removes it again', async () => {
    await apply(services);
    const base = at('base.json');
    await writeFile(base, JSON.stringify({ data_dir: at('data') }));
    const definition = at('consul.d', 'prome-shard.json');
    await mustRun(inject('servers').consul, ['validate', base, definition]);
    expect(JSON.parse(await readFile(definition, 'utf8'))).toMatchObject({
      services: [
        {
          id: 'hosts_127.0.0.11_9091',
          name: 'hosts',
          address: '127.0.0.11',
          port: 9091,
          checks: [{ tcp: '127.0.0.11:9091', interval: '5s', timeout: '5s' }],
        },
        { name: 'apps', checks: [{ http: 'http://127.0.0.11:9092/-/ready' }] },
      ],
    });
    expect(await apply({})).toMatchObject({ ok: true });
    expect(await readdir(at('consul.d'))).toEqual([]);
  }, 300_000);

  test('goes from a block to a file of its own and back, and each is valid', async () => {
    expect(await apply(block)).toMatchObject({ ok: true });
    expect(await apply(dropIn)).toMatchObject({ ok: true });
    expect(await scrapeJobs()).toBe(`${prometheusYml}# BEGIN prome-shard scrape_config_files
scrape_config_files:
  - "${at('prometheus', 'scrape_configs.d')}/*.yml"
# END prome-shard scrape_config_files
`);
    expect(await apply(dropIn)).toMatchObject({ ok: true, changed: 0 });
    expect(await apply(block)).toMatchObject({ ok: true });
    expect(await scrapeJobs()).not.toContain('scrape_config_files');
  }, 300_000);

  test('leaves prometheus.yml as it was where promtool refuses the new one', async () => {
    const bad = [{ job_name: 'bad', scrape_interval: 'often' }];
    const { ok, output } = await apply({ ...block, collector_scrape_configs: bad });
    expect(ok).toBe(false);
    expect(output).toContain('often');
    expect(await readFile(at('prometheus', 'prometheus.yml'), 'utf8')).toBe(prometheusYml);
    expect((await readdir(at('prometheus'))).sort()).toEqual(['ca.pem', 'prometheus.yml']);
  });

  test('leaves sudo alone where visudo refuses the line, and takes the file back with an empty list', async () => {
    const { ok } = await apply({ collector_sudo_commands: ['/bin/true, ALL=('] });
    expect(ok).toBe(false);
    expect(await readdir(at('sudoers.d'))).toEqual([]);
    await apply(sudo);
    expect(await readdir(at('sudoers.d'))).toEqual(['prome-shard']);
    await apply({});
    expect(await readdir(at('sudoers.d'))).toEqual([]);
  }, 300_000);

  test('shows no password of a scrape configuration', async () => {
    const basic_auth = { username: 'prom', password: 'hunter2' };
    const secret = { ...block, collector_scrape_configs: [{ job_name: 'secret', basic_auth }] };
    const { ok, output } = await apply(secret, { flags: ['--diff', '-vvv'] });
    expect(ok).toBe(true);
    expect(await scrapeJobs()).toContain('hunter2');
    expect(output).not.toContain('hunter2');
  });

  test('says which variable has a wrong value', async () => {
    const { ok, output } = await apply({ collector_scrape: 'dropin' });
    expect(ok).toBe(false);
    expect(output).toContain('value of collector_scrape must be one of: none, drop_in, block');
  });
});
