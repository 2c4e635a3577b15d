import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFile } from '../../config/package-info.ts';
import type { DemoFolder } from '../files/folder.ts';
import { loopback } from '../scale.ts';
import type { PrometheusProgram } from './find-prometheus.ts';
import { prometheusConfig } from './prometheus-config.ts';

export const collectorKinds = ['builtin', 'prometheus'] as const;
export type CollectorKindName = (typeof collectorKinds)[number];

/** What plays the collectors. */
export type CollectorKind =
  | { readonly type: 'builtin' }
  | { readonly type: 'prometheus'; readonly program: PrometheusProgram };

/** A program with its arguments. */
export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
}

export interface CollectorPlace {
  readonly name: string;
  readonly port: number;
  readonly folder: DemoFolder;
  readonly intervalMs: number;
}

/** For people: `Prometheus 3.5.3`. */
export function kindText(kind: CollectorKind): string {
  return kind.type === 'prometheus' ? `Prometheus ${kind.program.version}` : 'built-in collectors';
}

/** The page of a collector that shows its targets. */
export function targetsUrl(kind: CollectorKind, port: number): string {
  return `http://${loopback}:${port}/${kind.type === 'prometheus' ? 'targets' : ''}`;
}

/** Writes what the collector needs beside its list of targets; resolves with how to start it. */
export async function prepareCollector(kind: CollectorKind, place: CollectorPlace): Promise<CommandLine> {
  const { name, port, folder, intervalMs } = place;
  const dir = folder.collectorDir(port);
  const file = folder.targetsFile(port);
  if (kind.type === 'builtin') {
    const main = packageFile('dist/demo/builtin/main.js');
    return { command: process.execPath, args: [main, JSON.stringify({ name, port, file, intervalMs })] };
  }
  const configFile = join(dir, 'prometheus.yml');
  await mkdir(dir, { recursive: true });
  await writeFile(configFile, prometheusConfig({ name, file, intervalMs }));
  return { command: kind.program.path, args: prometheusArgs(configFile, join(dir, 'data'), port) };
}

function prometheusArgs(configFile: string, dataDir: string, port: number): readonly string[] {
  return [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${dataDir}`,
    '--storage.tsdb.retention.time=1d',
    `--web.listen-address=${loopback}:${port}`,
  ];
}
