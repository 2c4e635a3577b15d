import { z } from 'zod';
import { hostPort } from '../../model/collector.ts';
import { messageOf, ShardError } from '../../model/errors.ts';
import { hidePasswords } from '../../model/hide-passwords.ts';
import type { HttpAnswer, Place } from '../transport.ts';
import type { Pool } from './pool-memory.ts';

/** Where Prometheus lists the names of its scrape pools; vmagent and Prometheus before 2.42 do not. */
export const poolsPath = '/api/v1/scrape_pools';

/** Where it lists the active targets, of one pool or all. */
export function targetsPath(pool: Pool): string {
  const all = '/api/v1/targets?state=active';
  return pool === undefined ? all : `${all}&scrapePool=${encodeURIComponent(pool)}`;
}

/** Half a character cannot be put into a URL. */
const poolName = z.string().refine((name) => name.isWellFormed(), 'expected whole characters');
const poolsAnswer = z.object({ data: z.object({ scrapePools: z.array(poolName).nullable() }) });

/** The longest list of pools that is looked at, in characters: each pool may have to be asked for. */
const poolsCharacters = 1024 * 1024;

/** How servers say that they have no such page: vmagent with 400. */
const noSuchPage: readonly number[] = [400, 404, 405, 501];

/** The names of the pools; undefined where the server knows no such question. */
export function readPools(place: Place, { status, body }: HttpAnswer): readonly string[] | undefined {
  if (noSuchPage.includes(status)) return undefined;
  if (status !== 200) throw notSuccess(place, poolsPath, { status, body });
  if (body.length > poolsCharacters) {
    throw notUnderstood(place, poolsPath, `a list of pools has ${body.length} characters`, body);
  }
  try {
    return poolsAnswer.parse(JSON.parse(body)).data.scrapePools ?? [];
  } catch (error) {
    throw notUnderstood(place, poolsPath, messageOf(error), body);
  }
}

/** The error of another status than 200. */
export function notSuccess(place: Place, path: string, { status, body }: HttpAnswer): ShardError {
  const hint = status === 404 ? ' (is --web.route-prefix set? Expected the API at the root)' : '';
  return invalid(place, path, `status 200, got ${status}${hint}`, body);
}

/** The error of an answer whose JSON is another than documented. */
export function notUnderstood(place: Place, path: string, fault: string, body: string): ShardError {
  return invalid(place, path, `the JSON of Prometheus' API, but ${fault.replaceAll(/\s+/g, ' ')}`, body);
}

function invalid({ collector }: Place, path: string, expected: string, body: string): ShardError {
  const head = hidePasswords(
    body
      .slice(0, 200)
      .replaceAll(/[\s\p{Cc}]+/gu, ' ')
      .trim(),
  );
  return new ShardError(
    'prometheus_answer_invalid',
    `GET ${path} of ${hostPort(collector.host, collector.port)} expected ${expected}; it said: ${head === '' ? 'nothing' : head}`,
    { retryable: true },
  );
}
