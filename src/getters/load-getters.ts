import pLimit from 'p-limit';
import { messageOf } from '../model/errors.ts';
import type { GetterAnswer } from '../model/getter.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { AnswerJudge } from './answer/answer-judge.ts';
import { createLoadListener } from './child-listener.ts';
import { shortPath } from './failure-of.ts';
import { getterFiles } from './getter-files.ts';
import { type LoadedFile, loadFile } from './load-file.ts';
import { type GetterProblem, matchJobs } from './match-jobs.ts';
import { type GetterJob, type RunSetting, runGetter } from './run-getter.ts';
import type { GetterPlace } from './wire.ts';

export interface GettersOptions {
  /** Absolute path of the folder with the getters. */
  readonly targetsDir: string;
  /** The names of the jobs, each of which needs a getter. */
  readonly jobs: readonly string[];
  readonly log: Logger;
  /** Ends the loading early; what it gives then is of no use. */
  readonly signal: AbortSignal;
  /** Megabytes that one run may use; default 512. */
  readonly memoryLimitMb?: number;
  /** Milliseconds that a file may take to load; default 10000. */
  readonly loadTimeoutMs?: number;
  /** Runs at the same time, over all jobs; the others wait their turn. Default 16. */
  readonly concurrency?: number;
  readonly clock?: Clock;
}

/** The getters of all jobs, as their files were when they were loaded. Nothing of them stays open between runs. */
export interface Getters {
  /** Where the getter of each job was found. */
  readonly places: ReadonlyMap<string, GetterPlace>;
  /** Runs the getter of a job once. Never rejects; when `signal` aborts the run ends within a moment. */
  run(job: GetterJob, signal: AbortSignal): Promise<GetterAnswer>;
}

export interface LoadedGetters {
  readonly getters: Getters;
  /** Every problem; one whose `jobs` are empty keeps no job from running. */
  readonly problems: readonly GetterProblem[];
}

const graceMs = 250;
const loadsAtOnce = 4;

type Setting = RunSetting & Required<GettersOptions>;

/** Finds, bundles and loads the files of the targets folder, and gives each job its getter. Never rejects. */
export async function loadGetters(options: GettersOptions): Promise<LoadedGetters> {
  const setting: Setting = {
    memoryLimitMb: 512,
    loadTimeoutMs: 10_000,
    concurrency: 16,
    clock: systemClock,
    graceMs,
    answers: new AnswerJudge(),
    ...options,
  };
  const { files, broken } = await loadFiles(setting);
  const offers = files.map((file) => ({ ...file, shortPath: shortPath({ ...options, file: file.file }) }));
  const { places, problems } = matchJobs(options.jobs, offers, options.targetsDir);
  const all = [...blame(broken, problems), ...problems.map((problem) => inLightOf(broken.length, problem))];
  const codes = new Map(files.map(({ file, code }) => [file, code]));
  return { getters: createGetters(places, codes, all, setting), problems: all };
}

interface Loaded {
  readonly files: readonly Extract<LoadedFile, { ok: true }>[];
  readonly broken: readonly Problem[];
}

async function loadFiles(setting: Setting): Promise<Loaded> {
  const { targetsDir, log, signal } = setting;
  let names: readonly string[];
  try {
    names = await getterFiles(targetsDir);
  } catch (error) {
    const message = `expected a folder with getters: ${messageOf(error)}`;
    return { files: [], broken: [{ file: targetsDir, message }] };
  }
  const limit = pLimit(loadsAtOnce);
  const loaded = await Promise.all(
    names.map((file) =>
      limit(() => loadFile(file, { ...setting, listener: createLoadListener(log, file) }, signal)),
    ),
  );
  return {
    files: loaded.flatMap((file) => (file.ok ? file : [])),
    broken: loaded.flatMap((file) => (file.ok ? [] : file.problems)),
  };
}

/** A broken file may hold any getter that was not found. */
function blame(broken: readonly Problem[], missing: readonly GetterProblem[]): readonly GetterProblem[] {
  const jobs = missing.flatMap((problem) => problem.jobs);
  return broken.map((problem) => ({ ...problem, jobs }));
}

/** Says of a getter that was not found that it may be in a file that could not be loaded. */
function inLightOf(broken: number, problem: GetterProblem): GetterProblem {
  if (broken === 0) return problem;
  const files = broken === 1 ? '1 file' : `${broken} files`;
  return { ...problem, message: `${problem.message} (${files} could not be loaded)` };
}

function createGetters(
  places: Getters['places'],
  codes: ReadonlyMap<string, string>,
  problems: readonly GetterProblem[],
  setting: Setting,
): Getters {
  const limit = pLimit(setting.concurrency);
  return {
    places,
    async run(job, signal) {
      const place = places.get(job.name);
      const code = codes.get(place?.file ?? '');
      if (place === undefined || code === undefined) return missing(job, problems);
      return await limit(() => runGetter(job, { place, code }, setting, signal));
    },
  };
}

function missing({ name }: GetterJob, problems: readonly GetterProblem[]): GetterAnswer {
  const own = problems.filter(({ jobs }) => jobs.includes(name)).map(formatProblem);
  const message = own.length > 0 ? own.join('; ') : `no getter was loaded for job ${JSON.stringify(name)}`;
  return { ok: false, reason: 'missing', message, durationMs: 0 };
}
