import { dirname, resolve } from 'node:path';
import type { Problem } from '../model/problem.ts';
import type { Settings } from '../model/settings.ts';
import { judge } from './judge.ts';
import { readSource } from './read-source.ts';
import { type Env, homeOf } from './resolve/base.ts';
import { offsetOf } from './yaml/find-node.ts';
import { createLineIndex } from './yaml/line-index.ts';
import { parseYaml } from './yaml/parse-yaml.ts';

export type SettingsAnswer =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a configuration whole, or says everything that is wrong with it, in the order of its lines. */
export async function loadSettings(file: string, env: Env): Promise<SettingsAnswer> {
  const source = await readSource(file);
  if (!source.ok) return { ok: false, problems: [source.problem] };
  const placeOf = createLineIndex(source.text);
  const toProblem = ({ at, message }: { readonly at: number; readonly message: string }) => ({
    file,
    ...placeOf(at),
    message,
  });
  const yaml = parseYaml(source.text);
  if (!yaml.ok) return { ok: false, problems: inOrder(yaml.faults.map(toProblem)) };
  const absolute = resolve(file);
  const base = { folder: dirname(absolute), home: homeOf(env) };
  const { complaints, settings } = await judge(yaml.root, absolute, base, env);
  if (settings !== undefined && complaints.length === 0) return { ok: true, settings };
  const problems = complaints.map(({ path, at, message }) =>
    toProblem({ at: offsetOf(yaml.root, path, at), message }),
  );
  return { ok: false, problems: inOrder(problems) };
}

type PlacedProblem = Problem & { readonly line: number; readonly column: number };

/** By line and column, each once (a value that aliases bring in twice is judged twice). */
function inOrder(problems: readonly PlacedProblem[]): readonly Problem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()].sort((left, right) => left.line - right.line || left.column - right.column);
}
