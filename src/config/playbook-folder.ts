import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { z } from 'zod';
import type { DeliverySpec, Job } from '../model/job.ts';

const plays = z.array(z.looseObject({ vars: z.looseObject({ target_path: z.string() }) }));

/** The folder that a playbook of prome_shard's shape writes to: its play's `target_path`, where that is a plain absolute path. */
export function targetPathOf(playbook: string): string | undefined {
  const [play] = plays.safeParse(parsed(playbook)).data ?? [];
  const path = play?.vars.target_path;
  return path?.startsWith('/') === true && !path.includes('{') ? path : undefined;
}

/** The jobs with the folder that their playbook names, where the config names none: a file can be read back only by its path. */
export async function withPlaybookFolders(jobs: readonly Job[]): Promise<readonly Job[]> {
  return await Promise.all(jobs.map(async (job) => ({ ...job, delivery: await withFolder(job.delivery) })));
}

async function withFolder(spec: DeliverySpec): Promise<DeliverySpec> {
  if (spec.type !== 'ansible' || spec.dir !== undefined) return spec;
  const dir = targetPathOf(await readFile(spec.playbook, 'utf8').catch(() => ''));
  return dir === undefined ? spec : { ...spec, dir };
}

function parsed(playbook: string): unknown {
  try {
    return load(playbook);
  } catch {
    return undefined;
  }
}
