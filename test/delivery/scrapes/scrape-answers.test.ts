import { expect, test } from 'vitest';
import { readPools } from '../../../src/delivery/scrapes/scrape-answers.ts';
import { messageOf, ShardError } from '../../../src/model/errors.ts';
import { sampleSsh } from '../../helpers/sample-job.ts';
import { samplePlace } from '../places.ts';

const place = samplePlace({ type: 'local', path: '/unused', ssh: sampleSsh, port: 9090 });

function refused(status: number, body: string): ShardError {
  try {
    readPools(place, { status, body });
  } catch (error) {
    if (error instanceof ShardError) return error;
    throw error;
  }
  throw new Error('expected a refusal, got none');
}

const listOf = (length: number) =>
  JSON.stringify({ data: { scrapePools: Array.from({ length }, (_, n) => `pool ${n}`) } });

test('a list of more pools than can be asked is refused before it is parsed', () => {
  expect(readPools(place, { status: 200, body: listOf(50_000) })).toHaveLength(50_000);
  const error = refused(200, listOf(100_000));
  expect(error.code).toBe('prometheus_answer_invalid');
  expect(messageOf(error)).toContain('a list of pools has 1288916 characters');
});

test('a pool whose name cannot be asked for is an answer that is none', () => {
  const error = refused(200, '{"data":{"scrapePools":["good","\\ud800"]}}');
  expect(error.code).toBe('prometheus_answer_invalid');
  expect(error.message).toContain('expected whole characters');
});

test('what a server said is quoted without the commands of a terminal, and without passwords', () => {
  const { message } = refused(500, 'a\u001b[2J\u0000b\n http://user:secret@host/x');
  expect(message).toMatch(/it said: a \[2J b http:\/\/…@host\/x$/);
});
