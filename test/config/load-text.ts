import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '../../src/config/load-settings.ts';
import type { Job } from '../../src/model/job.ts';
import { formatProblem } from '../../src/model/problem.ts';
import type { Settings } from '../../src/model/settings.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A new folder with `text` as its config.yaml. */
export async function folderWith(text: string | Buffer): Promise<string> {
  const folder = await tempFolder('config');
  await writeFile(join(folder, 'config.yaml'), text);
  return folder;
}

/** The settings of a configuration that must be right, in its folder or a new one. */
export async function settingsOf(text: string, env: Env = {}, at?: string): Promise<Settings> {
  const folder = at ?? (await folderWith(text));
  await writeFile(join(folder, 'config.yaml'), text);
  const answer = await loadSettings(join(folder, 'config.yaml'), { HOME: join(folder, 'home'), ...env });
  if (!answer.ok) throw new Error(answer.problems.map(formatProblem).join('\n'));
  return answer.settings;
}

/** What is wrong with a configuration, as `line:column: message`. */
export async function problemsOf(text: string | Buffer, env: Env = {}): Promise<readonly string[]> {
  const folder = await folderWith(text);
  const answer = await loadSettings(join(folder, 'config.yaml'), { HOME: join(folder, 'home'), ...env });
  if (answer.ok) return [];
  return answer.problems.map((problem) =>
    formatProblem(problem).replaceAll(`${folder}/config.yaml:`, '').replaceAll(folder, '{folder}'),
  );
}

/** The first job of a configuration that must be right. */
export async function firstJobOf(text: string, folder?: string): Promise<Job> {
  const [job] = (await settingsOf(text, {}, folder)).jobs;
  if (job === undefined) throw new Error('expected a job');
  return job;
}
