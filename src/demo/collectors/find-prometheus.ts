import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** A Prometheus that can be run. */
export interface PrometheusProgram {
  readonly path: string;
  readonly version: string;
}

const versionLimitMs = 5000;

/** The first `prometheus` on the path that tells its version; undefined when there is none. */
export async function findPrometheus(searchPath: string): Promise<PrometheusProgram | undefined> {
  for (const folder of searchPath.split(delimiter).filter(isAbsolute)) {
    const path = join(folder, 'prometheus');
    const version = (await isExecutable(path)) ? parseVersion(await versionOutput(path)) : undefined;
    if (version !== undefined) return { path, version };
  }
  return undefined;
}

/** The version in what `prometheus --version` prints. */
export function parseVersion(output: string): string | undefined {
  return /^prometheus, version (\S+)/m.exec(output)?.[1];
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function versionOutput(path: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: versionLimitMs }, (_error, stdout, stderr) => {
      resolve(`${stdout}\n${stderr}`);
    });
  });
}
