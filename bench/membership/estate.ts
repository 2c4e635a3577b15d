import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetGroup } from '../../src/model/target-group.ts';
import { freePort } from '../../test/helpers/free-port.ts';
import { type Consul, startConsul } from '../../test/helpers/servers/consul.ts';
import { createClientKeys } from '../../test/helpers/servers/ssh-keys.ts';
import { type Sshd, startSshd } from '../../test/helpers/servers/sshd.ts';
import { tempFolder } from '../../test/helpers/temp-folder.ts';
import { createDoor, type Door } from './door.ts';

const job = 'hosts';

/** Collectors that Consul checks and sshd serves, and a folder with config and getter for the controller. */
export interface Estate {
  readonly doors: readonly Door[];
  /** Writes the config with these further keys of the job, and gives its path. */
  configure(changes: Readonly<Record<string, unknown>>): Promise<string>;
  /** What lies on the collectors, in the order of the doors. */
  held(): Promise<readonly Buffer[]>;
  stop(): Promise<void>;
}

/** A real Consul, and a real sshd and a door for each of `count` collectors on 127.0.0.11 and up. */
export async function startEstate(count: number, answer: readonly TargetGroup[]): Promise<Estate> {
  const folder = await tempFolder('membership');
  const hosts = Array.from({ length: count }, (_, index) => `127.0.0.${11 + index}`);
  const clientKeys = await createClientKeys(folder);
  const port = await freePort();
  const doors = hosts.map((host) => createDoor(host, port));
  const folderOf = (host: string): string => join(folder, 'sd', host);
  const [consul, ...sshds] = await Promise.all([
    startConsul(),
    ...hosts.map((host) => startSshd({ host, clientKeys })),
  ]);
  for (const door of doors) await door.open();
  for (const host of hosts) await mkdir(folderOf(host), { recursive: true });
  await mkdir(join(folder, 'targets'));
  await writeFile(join(folder, 'inventory.json'), JSON.stringify(answer));
  await writeFile(join(folder, 'targets', `${job}.ts`), getterText(join(folder, 'inventory.json')));
  await writeFile(join(folder, 'known_hosts'), sshds.map((sshd) => sshd.knownHosts()).join(''));
  return {
    doors,
    async configure(changes) {
      const file = join(folder, 'config.yaml');
      // JSON is YAML too.
      await writeFile(file, JSON.stringify(configOf({ folder, consul, sshds, port }, changes)));
      return file;
    },
    held: () => Promise.all(hosts.map((host) => readFile(join(folderOf(host), `${job}.json`)))),
    async stop() {
      await Promise.all([
        consul.stop(),
        ...sshds.map((sshd) => sshd.stop()),
        ...doors.map((door) => door.close()),
      ]);
    },
  };
}

function getterText(inventory: string): string {
  return `import { readFile } from 'node:fs/promises';

export async function ${job}() {
  return JSON.parse(await readFile(${JSON.stringify(inventory)}, 'utf8'));
}
`;
}

interface Parts {
  readonly folder: string;
  readonly consul: Consul;
  readonly sshds: readonly Sshd[];
  readonly port: number;
}

function configOf(
  { folder, consul, sshds, port }: Parts,
  changes: Readonly<Record<string, unknown>>,
): object {
  return {
    consul: { host: consul.host, port: consul.port },
    ssh: { known_hosts_file: join(folder, 'known_hosts') },
    shard_service: {
      [job]: {
        nodes: sshds.map(({ host, port: sshPort, user, clientKeys }) => ({
          host,
          ssh: { port: sshPort, user, private_key_file: clientKeys.plain.privateFile },
        })),
        port,
        check: { type: 'tcp', interval: '1s', timeout: '1s' },
        dest_sd_file_name: `${job}.json`,
        delivery: { type: 'ssh', dir: join(folder, 'sd', '{host}'), reload: 'none' },
        ...changes,
      },
    },
  };
}
