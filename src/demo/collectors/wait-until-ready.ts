import { get } from 'node:http';
import type { Clock } from '../../runtime/clock.ts';
import { loopback } from '../scale.ts';
import type { CollectorProcess } from './collector-process.ts';

const limitMs = 20_000;
const pollMs = 50;

/** Resolves when the collector answers /-/ready; rejects with its last words when it ends, or takes too long. */
export async function waitUntilReady(
  collector: Pick<CollectorProcess, 'name' | 'port' | 'running' | 'lastLine'>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const until = clock.now() + limitMs;
  while (!(await isReady(collector.port))) {
    if (!collector.running) throw new Error(`${collector.name} ended: ${collector.lastLine() ?? 'no word'}`);
    if (clock.now() > until) throw new Error(`${collector.name} was not ready within ${limitMs / 1000} s`);
    await clock.sleep(pollMs, signal);
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      { host: loopback, port, path: '/-/ready', agent: false, timeout: 1000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.once('error', () => resolve(false));
    request.once('timeout', () => request.destroy(new Error('no answer')));
  });
}
