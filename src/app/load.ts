import { loadSettings } from '../config/load-settings.ts';
import { type Getters, loadGetters } from '../getters/load-getters.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import type { Logger } from '../runtime/logger.ts';

/** Config and getters, ready to be put into force. */
export interface Ready {
  readonly ok: true;
  readonly settings: Settings;
  readonly getters: Getters;
  /** Broken files that no job needs: they keep nothing from running. */
  readonly warnings: readonly Problem[];
}

export type Loaded = Ready | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads config and getters from disk; all problems of both at once. */
export async function load(
  file: string,
  env: NodeJS.ProcessEnv,
  log: Logger,
  signal: AbortSignal,
): Promise<Loaded> {
  const config = await loadSettings(file, env);
  if (!config.ok) return config;
  const { settings } = config;
  const jobs = settings.jobs.map((job) => job.name);
  const { getters, problems } = await loadGetters({ targetsDir: settings.targetsDir, jobs, log, signal });
  if (problems.some((problem) => problem.jobs.length > 0)) return { ok: false, problems };
  return { ok: true, settings, getters, warnings: problems };
}
