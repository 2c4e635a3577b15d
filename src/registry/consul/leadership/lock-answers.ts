import { z } from 'zod';
import { parseAnswer, parseIndex } from '../consul-answers.ts';
import { type LockValue, parseLockText } from './lock-value.ts';

/** The key of the lock as Consul has it. */
export interface Lock {
  /** Who holds it. */
  readonly session: string | undefined;
  readonly text: string;
  /** Undefined for what no controller wrote. */
  readonly value: LockValue | undefined;
}

export interface LockAnswer {
  readonly index: bigint;
  /** Undefined when there is no such key. */
  readonly lock: Lock | undefined;
}

const key = z
  .object({ Session: z.string().optional(), Value: z.string().nullish() })
  .transform(({ Session, Value }): Lock => {
    const text = Value ?? '';
    return { session: Session === '' ? undefined : Session, text, value: parseLockText(text) };
  });

const session = z.object({ ID: z.string().min(1) });
const verdict = z.boolean();
const nodes = z.array(z.object({ Node: z.string().min(1) })).min(1);

/** Headers and body of `/v1/kv/<key>`; not believed without a leader. */
export function parseLockAnswer(head: unknown, body: unknown): LockAnswer {
  const index = parseIndex(head, '/v1/kv');
  return { index, lock: body === undefined ? undefined : parseAnswer(key, body, '/v1/kv') };
}

/** Body of `/v1/session/create`: the session's id. */
export function parseSession(body: unknown): string {
  return parseAnswer(session, body, '/v1/session/create').ID;
}

/** Body of an acquisition or a release: whether it was granted. */
export function parseVerdict(body: unknown): boolean {
  return parseAnswer(verdict, body, '/v1/kv');
}

/** Body of `/v1/catalog/nodes`: the first node. */
export function parseFirstNode(body: unknown): string {
  return parseAnswer(nodes, body, '/v1/catalog/nodes')[0]?.Node ?? '';
}
