import { hostPort } from '../../model/collector.ts';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { limited } from '../raced.ts';
import type { HttpAnswer, Place } from '../transport.ts';
import { sendRequest } from './http-request.ts';

/** The longest answer that is read: 64 MiB, some 75,000 targets of 8 labels. A part of a list would pass for the whole. */
export const maxAnswerBytes = 64 * 1024 * 1024;

/** Milliseconds for one question and its answer. */
export const askLimitMs = 10_000;

export interface AskLimits {
  readonly clock: Clock;
  readonly limitMs: number;
}

/** Where to GET which path. */
export interface Question {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** GETs it from this machine; whatever status comes is an answer. */
export async function askDirectly(
  question: Question,
  { clock, limitMs }: AskLimits,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { host, port, path } = question;
  const url = `http://${hostPort(host, port)}${path}`;
  const request = {
    ...question,
    method: 'GET',
    keepBytes: maxAnswerBytes,
    tooLong: () => answerTooLong(url),
  } as const;
  const limits = { clock, limitMs, late: () => askedTooLong(url, limitMs), signals: [signal] };
  return await limited(limits, (stop) => sendRequest(request, stop)).catch((error: unknown) => {
    throw error instanceof ShardError ? error : notAsked(url, error);
  });
}

/** Whether a place's Prometheus is asked over the network, as its reload would be. */
export function isAskedOverNetwork({ spec }: Place): boolean {
  return spec.type === 'ansible' || spec.reload.type === 'http';
}

/** The error of a Prometheus that gave no answer in HTTP; `where` is its URL, and how it was asked. */
export function notAsked(where: string, cause: unknown): ShardError {
  return new ShardError(
    'prometheus_unreachable',
    `GET ${where} got no answer: expected Prometheus to listen there`,
    { cause, retryable: true },
  );
}

/** The error of one that took longer than it may. */
export function askedTooLong(where: string, limitMs: number): ShardError {
  return new ShardError('prometheus_unreachable', `GET ${where} was not answered within ${limitMs} ms`, {
    retryable: true,
  });
}

/** The error of one that says more than is read. */
export function answerTooLong(where: string): ShardError {
  return new ShardError(
    'prometheus_answer_invalid',
    `GET ${where} expected an answer of at most ${maxAnswerBytes >> 20} MiB, got a longer one: split the scrape config, so that each pool holds fewer targets`,
  );
}
