import type { ControllerView } from '../model/controller-view.ts';
import type { Acceptance, JobView, TargetView } from '../model/job-view.ts';
import type { Problem } from '../model/problem.ts';

/** What the web shows; the program's root fills it in. */
export interface WebSource {
  readonly version: string;
  /** The jobs that have not had their first run yet; ready when there is none. */
  waitingFor(): readonly string[];
  /** This process, and who leads. */
  controller(): ControllerView;
  jobs(): readonly JobView[];
  /** The targets with this `host:port`, in every job that knows it. */
  targets(address: string): readonly TargetView[];
  metrics(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** What the web may change, where lifecycle is enabled. */
export interface WebActions {
  /** Reads config and getters again; with problems nothing changes. */
  reload(): Promise<readonly Problem[]>;
  /** Asks the job's getter now; false for an unknown job. */
  sync(job: string): boolean;
  /** Lets through what the guard holds of the job. */
  accept(job: string): Acceptance;
}
