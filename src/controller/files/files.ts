import { doubt, type FileState, newFileState, type Share } from './file-state.ts';

/** The files of all collectors, by the key of the one file that each is. */
export class Files {
  readonly #byKey = new Map<string, FileState>();
  readonly #byJob = new Map<string, Map<string, FileState>>();

  get(key: string): FileState | undefined {
    return this.#byKey.get(key);
  }

  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<FileState> {
    return this.#byKey.values();
  }

  /** Those that hold, or are to hold, something of the job. */
  of(job: string): Iterable<FileState> {
    return this.#byJob.get(job)?.values() ?? [];
  }

  /** Sets a job's share of a file, which is new where nobody named it before. */
  put(key: string, job: string, share: Share): FileState {
    const file = this.#byKey.get(key) ?? newFileState(key);
    this.#byKey.set(key, file);
    const before = file.shares.get(job);
    file.shares.set(job, share);
    const ofJob = this.#byJob.get(job) ?? new Map<string, FileState>();
    this.#byJob.set(job, ofJob.set(key, file));
    // A collector that was away may have been changed by others meanwhile.
    if (before?.departing === true && !share.departing) doubt(file);
    return file;
  }

  /** Forgets one job's share of a file; a file without shares goes. */
  dismiss(file: FileState, job: string): void {
    file.shares.delete(job);
    const ofJob = this.#byJob.get(job);
    ofJob?.delete(file.key);
    if (ofJob?.size === 0) this.#byJob.delete(job);
    if (file.shares.size === 0) this.#byKey.delete(file.key);
  }
}
