import { createHash } from 'node:crypto';
import type { TargetGroup } from '../../model/target-group.ts';
import { parsedJson } from '../parsed-json.ts';
import { checkGroups } from './check-groups.ts';
import { dropDuplicates } from './drop-duplicates.ts';

export interface GoodAnswer {
  readonly ok: true;
  readonly groups: readonly TargetGroup[];
  readonly duplicates: number;
  /** Of the answer's text: an equal one is an equal answer. */
  readonly digest: string;
}

export type JudgedAnswer = GoodAnswer | { readonly ok: false; readonly message: string };

/** Judges the texts that the jobs' getters answer. The text of a job's last good answer costs no more than its digest. */
export class AnswerJudge {
  readonly #last = new Map<string, GoodAnswer>();

  judge(job: string, json: string): JudgedAnswer {
    const digest = createHash('sha256').update(json).digest('base64');
    const last = this.#last.get(job);
    if (last?.digest === digest) return last;
    const checked = checkGroups(parsedJson(json));
    if (!checked.ok) return checked;
    const good = { ok: true, ...dropDuplicates(checked.groups), digest } as const;
    this.#last.set(job, good);
    return good;
  }
}
