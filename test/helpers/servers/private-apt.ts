import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from './mirror.ts';
import { mustRun } from './run-command.ts';

/** apt with a state of its own for one suite: it needs no root and leaves the machine's packages and lists alone. */
export interface PrivateApt {
  /** Every package that these need, themselves included, as on a machine with nothing installed. */
  withDependencies(packages: readonly string[]): Promise<string[]>;
  /** Fetches packages, checked against the archive's signature, and unpacks them into a folder. */
  unpack(packages: readonly string[], into: string): Promise<void>;
}

const keyrings = {
  Debian: '/usr/share/keyrings/debian-archive-keyring.gpg',
  Ubuntu: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
};

/** Sets the state up in `folder` and fetches the suite's list; it rejects when the list is not signed by a known key. */
export async function createPrivateApt(folder: string, mirror: Mirror, suite: string): Promise<PrivateApt> {
  const env = { ...process.env, LC_ALL: 'C', APT_CONFIG: join(folder, 'apt.conf') };
  for (const part of ['lists/partial', 'cache/archives/partial', 'empty', 'debs']) {
    await mkdir(join(folder, part), { recursive: true });
  }
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), await sourceLine(mirror, suite));
  await writeFile(join(folder, 'apt.conf'), `${await networkSettings()}\n${settings(folder)}`);
  await mustRun('apt-get', ['-qq', '-o', 'APT::Update::Error-Mode=any', 'update'], { env });

  return {
    async withDependencies(packages) {
      const plan = await mustRun('apt-get', ['--simulate', 'install', ...packages], { env });
      return [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name);
    },
    async unpack(packages, into) {
      const debs = join(folder, 'debs');
      await mustRun('apt-get', ['-qq', 'download', ...packages], { env, cwd: debs });
      await mkdir(into, { recursive: true });
      for (const deb of await readdir(debs)) await mustRun('dpkg', ['-x', join(debs, deb), into]);
    },
  };
}

async function sourceLine({ distribution, uri }: Mirror, suite: string): Promise<string> {
  const architecture = (await mustRun('dpkg', ['--print-architecture'])).trim();
  // Without the keyring's file apt takes the machine's trusted keys: it never goes unchecked.
  const keyring = existsSync(keyrings[distribution]) ? ` signed-by=${keyrings[distribution]}` : '';
  const components = distribution === 'Ubuntu' ? 'main universe' : 'main';
  return `deb [arch=${architecture}${keyring}] ${uri} ${suite} ${components}\n`;
}

// The machine's proxies and time limits, without its hooks: those would run on the machine's own state.
async function networkSettings(): Promise<string> {
  const dump = await mustRun('apt-config', ['dump']);
  return dump
    .split('\n')
    .filter((line) => /^Acquire::(http|https|ftp|Retries|Force|Check-Valid-Until)/.test(line))
    .join('\n');
}

function settings(folder: string): string {
  return `Dir::Etc::Main "/dev/null";
Dir::Etc::Parts "${folder}/empty";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "${folder}/empty";
Dir::Etc::SourceList "${folder}/sources.list";
Dir::Etc::SourceParts "${folder}/empty";
Dir::State "${folder}";
Dir::State::Lists "${folder}/lists";
Dir::State::status "${folder}/status";
Dir::Cache "${folder}/cache";
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
`;
}
