import { z } from 'zod';

/** What stands in the lock: who leads, for people and for those that stand by. */
export interface LockValue {
  readonly controller: string;
  /** Where its page and API are. */
  readonly url?: string | undefined;
  readonly jobs: readonly string[];
  /** When it took the lead, ISO 8601. */
  readonly since: string;
  /** Which process of which machine it is, where the system tells. */
  readonly process?: string | undefined;
}

/** Whoever may write the key decides what people read on the pages and in the logs of all controllers. */
const line = z
  .string()
  .max(300)
  .regex(/^\P{Cc}*$/u);

const shape = z.object({
  controller: line,
  url: line.regex(/^https?:\/\//).optional(),
  jobs: z.array(z.string()),
  since: line,
  process: line.optional(),
});

export function lockText({ controller, url, jobs, since, process }: LockValue): string {
  return JSON.stringify({ controller, url, jobs, since, process });
}

/** Undefined for what no controller wrote. */
export function parseLockText(text: string): LockValue | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
