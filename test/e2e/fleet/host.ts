import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Prometheus, startPrometheus } from '../../helpers/servers/prometheus.ts';
import { type Sshd, type SshdOptions, startSshd } from '../../helpers/servers/sshd.ts';

/** One collector's host: an sshd and a Prometheus that reads the files of `sdDir`. */
export interface Host {
  readonly name: string;
  readonly sshd: Sshd;
  readonly prometheus: Prometheus;
  readonly sdDir: string;
  /** The file of the job `hosts`. */
  readonly file: string;
}

/** What sets one host apart from the others. */
export interface HostOptions {
  readonly sftp?: NonNullable<SshdOptions['sftp']>;
  /** The size of the disk of its `sdDir`; that disk is seen only by its sshd and its Prometheus. */
  readonly smallDiskBytes?: number;
}

export const fileName = 'hosts.json';

interface HostPlace extends HostOptions {
  readonly folder: string;
  readonly scrapeInterval: string;
  readonly clientKeys: Sshd['clientKeys'];
}

export async function startHost(
  host: string,
  { folder, scrapeInterval, clientKeys, sftp = 'internal', smallDiskBytes }: HostPlace,
): Promise<Host> {
  const sdDir = join(folder, 'sd-of', host);
  await mkdir(sdDir, { recursive: true });
  const smallDisk =
    smallDiskBytes === undefined ? {} : { smallDisk: { dir: sdDir, sizeBytes: smallDiskBytes } };
  const sshd = await startSshd({ host, clientKeys, sftp, ...smallDisk });
  const sees = smallDiskBytes === undefined ? {} : { sees: () => sshd.pid };
  const prometheus = await startPrometheus({ host, sdDir, scrapeInterval, ...sees });
  const seen = smallDiskBytes === undefined ? sdDir : `/proc/${sshd.pid}/root${sdDir}`;
  return { name: `${host}:${prometheus.port}`, sshd, prometheus, sdDir: seen, file: join(seen, fileName) };
}

/** The targets in a host's file, sorted; undefined while there is none. */
export async function delivered(host: Host, file = host.file): Promise<string[] | undefined> {
  try {
    const groups: { targets: string[] }[] = JSON.parse(await readFile(file, 'utf8'));
    return groups.flatMap((group) => group.targets).sort();
  } catch {
    return undefined;
  }
}

/** Changes when the file is replaced. */
export async function versionOf(file: string): Promise<string> {
  const { ino, mtimeMs } = await stat(file);
  return `${ino} ${mtimeMs}`;
}
