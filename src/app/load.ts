import { loadSettings } from '../config/load-settings.ts';
import { type Getters, loadGetters } from '../getters/load-getters.ts';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';

/** Config and getters, ready to be put into force. */
export type Loaded =
  | { readonly ok: true; readonly settings: Settings; readonly getters: Getters }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads config and getters from disk; all problems of both at once, and nothing is left open when there are some. */
export async function load(file: string, env: NodeJS.ProcessEnv): Promise<Loaded> {
  const config = await loadSettings(file, env);
  if (!config.ok) return config;
  const { settings } = config;
  const { getters, problems } = await loadGetters({
    dir: settings.targetsDir,
    jobs: settings.jobs.map(({ name }) => name),
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings, getters };
}
