import { join } from 'node:path';
import { expect } from 'vitest';
import { loadRig, type Rig } from './rig.ts';

/** The folder of the getters that ship with the program. */
export const shipped = join(import.meta.dirname, '../../targets');

/** Jobs as a user writes them, with the shipped helpers. */
export async function jobsWith(helper: string, lines: string): Promise<Rig> {
  const source = `import * as lib from ${JSON.stringify(join(shipped, 'lib', helper))};\n${lines}`;
  const jobs = [...lines.matchAll(/^export const (\w+)/gm)].map((match) => `${match[1]}`);
  const rig = await loadRig({ 'jobs.ts': source }, jobs);
  expect(rig.problems).toEqual([]);
  return rig;
}
