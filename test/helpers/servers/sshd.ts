import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child } from '../child.ts';
import { freePort } from '../free-port.ts';
import { tempFolder } from '../temp-folder.ts';
import { serverPaths } from './server-paths.ts';
import { onSmallDisk, type SmallDisk } from './small-disk.ts';
import {
  type ClientKeys,
  createClientKeys,
  createKeyPair,
  type KeyPair,
  type KeyType,
  knownHostsLines,
} from './ssh-keys.ts';
import { sshdConfig } from './sshd-config.ts';
import { privilegeSeparation } from './sshd-privileges.ts';
import { startServer } from './start-server.ts';

export interface SshdOptions {
  /** The address of the collector's host, in 127.0.0.0/8; default 127.0.0.11. */
  readonly host?: string;
  readonly port?: number;
  /** Default only ed25519. */
  readonly hostKeyTypes?: readonly KeyType[];
  /** Keys to let in, shared by several sshd; default new ones. */
  readonly clientKeys?: ClientKeys;
  /** What serves SFTP; default internal-sftp. A folder: a program that stops where that folder says (see gated-sftp.mjs). */
  readonly sftp?: 'internal' | 'program' | { readonly gates: string };
  /** A folder that only its sessions see, on a file system of this size: a disk that can be filled. */
  readonly smallDisk?: SmallDisk;
  /** Further lines of sshd_config; the first value of a keyword wins, and these come first. */
  readonly config?: readonly string[];
}

/** One real sshd: a collector's host. The user who runs the tests logs in. */
export interface Sshd {
  readonly host: string;
  readonly port: number;
  /** Changes with every start. */
  readonly pid: number;
  readonly user: string;
  readonly clientKeys: ClientKeys;
  readonly hostKeys: readonly KeyPair[];
  /** A known_hosts file with this server's present keys, readable. */
  readonly knownHostsFile: string;
  /** Its lines, readable or hashed. */
  knownHosts(form?: 'plain' | 'hashed'): string;
  log(): string;
  /** How many logins succeeded since its last start. */
  logins(): number;
  /** SIGSTOP to it and to every session of it. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL to it and to every session of it. */
  kill(): Promise<void>;
  /** Ends it if it runs and starts it on the same port; with other host keys when asked (`knownHostsFile` stays as it is). */
  restart(options?: { readonly newHostKeys?: boolean }): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly smallDisk: SmallDisk | undefined;
}

/** Starts an sshd with host keys, client keys and configuration of its own. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const {
    host = '127.0.0.11',
    hostKeyTypes = ['ed25519'],
    sftp = 'internal',
    config = [],
    smallDisk,
  } = options;
  const folder = await tempFolder('sshd');
  const port = options.port ?? (await freePort());
  const clientKeys = options.clientKeys ?? (await createClientKeys(folder));
  const authorizedKeysFile = join(folder, 'authorized_keys');
  await writeFile(authorizedKeysFile, `${clientKeys.plain.publicKey}\n${clientKeys.encrypted.publicKey}\n`);
  const sftpServer = await sftpCommand(sftp);

  let hostKeys = await createHostKeys(folder, hostKeyTypes);
  const knownHosts: Sshd['knownHosts'] = (form) => knownHostsLines(host, port, hostKeys, form);
  const knownHostsFile = join(folder, 'known_hosts');
  await writeFile(knownHostsFile, knownHosts());

  const begin = async (): Promise<Child> =>
    await start(
      { folder, host, port, smallDisk },
      sshdConfig({ host, port, hostKeys, authorizedKeysFile, sftpServer, further: config }),
    );
  let child = await begin();
  return {
    host,
    port,
    get pid() {
      return child.pid;
    },
    user: userInfo().username,
    clientKeys,
    get hostKeys() {
      return hostKeys;
    },
    knownHostsFile,
    knownHosts,
    log: () => child.output(),
    logins: () => child.output().split('Accepted publickey').length - 1,
    freeze: () => child.freeze(),
    thaw: () => child.thaw(),
    async kill() {
      await child.kill();
    },
    async restart({ newHostKeys = false } = {}) {
      await child.stop();
      if (newHostKeys) hostKeys = await createHostKeys(await tempFolder('sshd-keys'), hostKeyTypes);
      child = await begin();
    },
    async stop() {
      await child.stop();
    },
  };
}

async function sftpCommand(sftp: NonNullable<SshdOptions['sftp']>): Promise<string> {
  if (sftp === 'internal') return 'internal-sftp';
  const program = (await serverPaths())['sftp-server'];
  if (sftp === 'program') return program;
  const gated = fileURLToPath(new URL('gated-sftp.mjs', import.meta.url));
  return [process.execPath, gated, program, sftp.gates].join(' ');
}

async function createHostKeys(folder: string, types: readonly KeyType[]): Promise<KeyPair[]> {
  return await Promise.all(types.map((type) => createKeyPair(folder, `host_${type}`, type)));
}

async function start({ folder, host, port, smallDisk }: Place, config: readonly string[]): Promise<Child> {
  const paths = await serverPaths();
  const configFile = join(folder, 'sshd_config');
  await writeFile(configFile, `${config.join('\n')}\n`);
  const sshd = { command: paths.sshd, args: ['-D', '-e', '-f', configFile] };
  return await startServer(
    {
      ...(smallDisk === undefined ? sshd : onSmallDisk(sshd, smallDisk)),
      env: await privilegeSeparation(folder, paths.nssWrapper),
    },
    {
      name: `sshd on ${host}:${port}`,
      ready: async () => (await bannerOf(host, port)).startsWith('SSH-2.0-'),
    },
  );
}

/** The first bytes that a server says by itself. */
async function bannerOf(host: string, port: number): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: 1000 });
    const end = (): void => {
      socket.destroy();
    };
    socket.once('data', (bytes) => {
      resolve(bytes.toString('latin1'));
      end();
    });
    socket.once('timeout', () => {
      reject(new Error('no banner within a second'));
      end();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('closed without a banner')));
  });
}
