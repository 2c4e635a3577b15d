import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../helpers/until.ts';

/** Right before it the session is held: see gated-sftp.mjs. `renamed`: the file is in its place, and nobody was told. */
export type Step = 'open' | 'write' | 'sync' | 'rename' | 'renamed';

/** The next session that comes to this step is held there. */
export async function closeGate(folder: string, step: Step): Promise<void> {
  await rm(join(folder, 'at'), { force: true });
  await writeFile(join(folder, 'stop'), step);
}

/** Waits until a session is held at the step. */
export async function heldAt(folder: string, step: Step): Promise<void> {
  const isHeld = async () => (await readFile(join(folder, 'at'), 'utf8')) === step;
  await until(isHeld, { within: 30_000, what: `an upload is held before its step ${step}` });
}

/** Waits until the client of the session that is held has left: what it asked for last is never done. */
export async function abandoned(folder: string): Promise<void> {
  await until(() => !existsSync(join(folder, 'at')), {
    within: 30_000,
    what: 'the session that was held has ended',
  });
}

/** Whoever is held goes on. */
export async function openGate(folder: string): Promise<void> {
  await rm(join(folder, 'stop'), { force: true });
}
