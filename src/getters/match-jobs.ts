import { closest } from 'fastest-levenshtein';
import type { Problem } from '../model/problem.ts';
import type { ExportedMember, GetterPlace, MemberVia } from './wire.ts';

/** A problem of the getters, with the jobs that cannot run because of it: none, when it is a file's that no job needs. */
export interface GetterProblem extends Problem {
  readonly jobs: readonly string[];
}

export interface Offer {
  /** The absolute path of the file. */
  readonly file: string;
  /** As people know it: `targets/ecs.ts`. */
  readonly shortPath: string;
  readonly members: readonly ExportedMember[];
}

export interface Matches {
  /** Job name to its one getter. */
  readonly places: ReadonlyMap<string, GetterPlace>;
  readonly problems: readonly GetterProblem[];
}

interface Candidate extends GetterPlace {
  readonly shortPath: string;
  readonly what: string;
}

/** Gives each job the one getter of its name; none or several is a problem. `targetsDir` is where a missing one should be. */
export function matchJobs(jobs: readonly string[], offers: readonly Offer[], targetsDir: string): Matches {
  const all = offers.flatMap(candidatesIn);
  const places = new Map<string, GetterPlace>();
  const problems: GetterProblem[] = [];
  for (const job of jobs) {
    const named = all.filter(({ name }) => name === job);
    const [first, second] = named.filter(isFunction);
    if (first === undefined) problems.push(missing(job, named, freeFunctions(all, jobs), targetsDir));
    else if (second !== undefined) problems.push(several(job, named.filter(isFunction), second.file));
    else places.set(job, { file: first.file, name: first.name, via: first.via });
  }
  return { places, problems };
}

function candidatesIn({ file, shortPath, members }: Offer): readonly Candidate[] {
  return members.map((member) => ({ ...member, file, shortPath }));
}

function isFunction({ what }: Candidate): boolean {
  return what === 'function';
}

/** What is exported under no job's name: a misspelt getter is among them. */
function freeFunctions(all: readonly Candidate[], jobs: readonly string[]): readonly Candidate[] {
  return all.filter((candidate) => isFunction(candidate) && !jobs.includes(candidate.name));
}

function missing(
  job: string,
  named: readonly Candidate[],
  functions: readonly Candidate[],
  targetsDir: string,
): GetterProblem {
  const [wrong] = named;
  if (wrong !== undefined) {
    const message = `job ${quoted(job)}: expected the export of its name to be a function, it is ${wrong.what}`;
    return { file: wrong.file, message, jobs: [job] };
  }
  const message = `job ${quoted(job)} has no getter: expected a function exported under its name, ${whatThereIs(job, functions)}`;
  return { file: targetsDir, message, jobs: [job] };
}

const shownNames = 10;

function whatThereIs(job: string, functions: readonly Candidate[]): string {
  const names = functions.map(({ name }) => name);
  if (names.length === 0) return 'found none that is not named after another job';
  const list = functions.slice(0, shownNames).map(({ name, shortPath }) => `${name} (${shortPath})`);
  const more = names.length > shownNames ? ` and ${names.length - shownNames} more` : '';
  return `found ${list.join(', ')}${more}; did you mean ${quoted(closest(job, names))}?`;
}

function several(job: string, named: readonly Candidate[], file: string): GetterProblem {
  const list = named.map(({ shortPath, via }) => `${shortPath} (${viaText[via]})`).join(' and ');
  return { file, message: `job ${quoted(job)} has ${named.length} getters, keep one: ${list}`, jobs: [job] };
}

const viaText: Readonly<Record<MemberVia, string>> = {
  named: 'named export',
  default: 'member of the default object',
  static: 'static method of the default class',
  instance: 'method of the default class',
};

function quoted(name: string): string {
  return JSON.stringify(name);
}
