import { type Agent, get } from 'node:http';
import { messageOf } from '../../model/errors.ts';

/** What came of one scrape. */
export interface Scrape {
  readonly atMs: number;
  readonly durationMs: number;
  readonly samples: number;
  /** Why it failed; absent when it went well. */
  readonly error?: string;
}

export interface ScrapeOptions {
  readonly agent: Agent;
  readonly limitMs: number;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

/** Scrapes one URL within the time limit. A failure is a value. */
export async function scrape(url: string, options: ScrapeOptions): Promise<Scrape> {
  const { agent, limitMs, signal, now } = options;
  const atMs = now();
  // One that lives as long as the scrape: the pool's own signal must not collect listeners.
  const ending = new AbortController();
  const stop = () => ending.abort(new Error('the collector lets the target go'));
  const late = setTimeout(() => ending.abort(new Error(`no answer within ${limitMs} ms`)), limitMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const samples = countSamples(await fetchText(url, agent, ending.signal));
    return { atMs, durationMs: now() - atMs, samples };
  } catch (error) {
    const reason: unknown = ending.signal.aborted ? ending.signal.reason : error;
    return { atMs, durationMs: now() - atMs, samples: 0, error: messageOf(reason) };
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

function fetchText(url: string, agent: Agent, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString('utf8'));
        else reject(new Error(`server returned HTTP status ${response.statusCode}`));
      });
    });
    request.once('error', reject);
  });
}

/** Lines of an exposition that are neither empty nor a comment. */
function countSamples(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#')).length;
}
