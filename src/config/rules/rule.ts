import type { Complaint, Path } from '../complaint.ts';
import type { ConfigInput, JobInput } from '../schema/config-schema.ts';

/** What a rule judges: a configuration that passed the schema, and what stands in the file itself. */
export interface RuleInput {
  readonly config: ConfigInput;
  /** Whether the file has a value there, so that it is no default. */
  readonly written: (path: Path) => boolean;
  /** How many items or keys the file has there, faulty ones included. */
  readonly countInFile: (path: Path) => number;
}

/** One thing that must hold between the values of a configuration. */
export type Rule = (input: RuleInput) => readonly Complaint[];

/** A rule about each job by itself; `at` is the job's path. */
export function eachJob(judge: (job: JobInput, at: Path, input: RuleInput) => readonly Complaint[]): Rule {
  return (input) =>
    [...input.config.shard_service].flatMap(([name, job]) => judge(job, ['shard_service', name], input));
}

/** Where the file should not have a key. */
export function keyComplaint(path: Path, message: string): Complaint {
  return { path, at: 'key', message };
}

/** Where a value is wrong. */
export function valueComplaint(path: Path, message: string): Complaint {
  return { path, at: 'value', message };
}

/** The same complaints, void where one of `basis` is in doubt. */
export function dependingOn(basis: readonly Path[], complaints: readonly Complaint[]): readonly Complaint[] {
  return complaints.map((complaint) => ({ ...complaint, basis }));
}
