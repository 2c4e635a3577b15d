import { backoffMs } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Floor } from '../floor.ts';
import type { ServiceAnswer } from './consul-answers.ts';
import type { ConsulClient } from './consul-client.ts';
import { nextIndex } from './next-index.ts';

export interface WatchOptions {
  readonly service: string;
  readonly open: () => Promise<ConsulClient>;
  readonly waitMs: number;
  readonly floor: Floor;
  readonly clock: Clock;
  readonly random: () => number;
  /** `fresh`: the first answer after the start, after a failure, or after the index went backwards. */
  readonly seen: (answer: ServiceAnswer, fresh: boolean) => void;
  readonly failed: (error: unknown) => void;
}

const backoff = { firstMs: 500, maxMs: 30_000 };

/** Asks again and again for the health of a service; after a failure anew, over a new connection. Rejects only when the signal aborts. */
export async function watchService(options: WatchOptions, signal: AbortSignal): Promise<never> {
  let failures = 0;
  for (;;) {
    try {
      await watchOnce(options, signal, () => {
        failures = 0;
      });
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      options.failed(error);
    }
    await options.clock.sleep(backoffMs(failures, options.random(), backoff), signal);
  }
}

async function watchOnce(
  { service, open, waitMs, floor, seen }: WatchOptions,
  signal: AbortSignal,
  worked: () => void,
): Promise<never> {
  const client = await open();
  try {
    for (let index = 0n; ; ) {
      await floor(signal);
      const answer = await client.service(service, index, waitMs, signal);
      signal.throwIfAborted();
      seen(answer, index === 0n);
      worked();
      index = nextIndex(index, answer.index);
    }
  } finally {
    client.close();
  }
}
