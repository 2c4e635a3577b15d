import type { Logger } from '../../runtime/logger.ts';
import type { Files } from '../files/files.ts';
import type { JobState } from '../job-state.ts';
import { answerFromFiles } from './answer-from-files.ts';
import type { Survey } from './survey.ts';

export interface RecoveryOptions {
  readonly files: Files;
  readonly survey: Survey;
  readonly log: Logger;
}

/** Puts what the collectors hold into force for jobs whose getter has not answered yet. */
export class Recovery {
  readonly #options: RecoveryOptions;

  constructor(options: RecoveryOptions) {
    this.#options = options;
  }

  /** Resolves when an answer of the job's getter can be judged against what is in force. */
  async ready(state: JobState, signal: AbortSignal): Promise<void> {
    if (state.answer !== undefined) return;
    await this.#options.survey.done(state.job, signal);
    this.#takeFiles(state);
  }

  /** Takes in what was read late; whether that changed the targets in force. */
  again(state: JobState): boolean {
    return state.answer?.fromFiles === true && this.#takeFiles(state);
  }

  /** Only adds: a file that was lost meanwhile takes nothing away. */
  #takeFiles(state: JobState): boolean {
    const { files, log } = this.#options;
    const { name } = state.job;
    const answer = answerFromFiles(files, name, state.answer);
    if (answer === undefined || answer.digest === state.answer?.digest) return false;
    state.answer = answer;
    log.info({ job: name, targets: answer.targets }, 'targets that the collectors hold are in force');
    return true;
  }
}
