import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { configText, fileName } from './config-text.ts';
import { getterText } from './getter-text.ts';

/** Where the files of one demo lie. */
export interface DemoFolder {
  readonly path: string;
  readonly configFile: string;
  readonly getterFile: string;
  readonly logFile: string;
  /** The own folder of the collector on this port. */
  collectorDir(port: number): string;
  /** The file that the controller writes for the collector on this port. */
  targetsFile(port: number): string;
}

export async function makeFolder(): Promise<DemoFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'prome-shard-demo-')));
  const collectorDir = (port: number) => join(path, 'collectors', String(port));
  return {
    path,
    configFile: join(path, 'config.yaml'),
    getterFile: join(path, 'targets', 'demo.ts'),
    logFile: join(path, 'prome-shard.log'),
    collectorDir,
    targetsFile: (port) => join(collectorDir(port), 'sd', fileName),
  };
}

export interface FilesOptions {
  readonly webPort: number;
  readonly collectorPorts: readonly number[];
  readonly inventoryUrl: string;
}

/** Writes the config and the getter, and makes the folders that the collectors read from. */
export async function writeFiles(folder: DemoFolder, options: FilesOptions): Promise<void> {
  const folders = options.collectorPorts.map((port) => dirname(folder.targetsFile(port)));
  for (const dir of [dirname(folder.getterFile), ...folders]) await mkdir(dir, { recursive: true });
  await writeFile(folder.getterFile, getterText(options.inventoryUrl));
  await writeFile(folder.configFile, configText(options));
}

/** Removes the folder with all that is in it. */
export async function removeFolder(path: string): Promise<void> {
  // What a killed process had open may still be going away.
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}
