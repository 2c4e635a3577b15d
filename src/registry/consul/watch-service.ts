import { type BlockingLoopOptions, blockingLoop } from './blocking-loop.ts';
import type { ServiceAnswer } from './consul-answers.ts';
import type { ConsulClient } from './consul-client.ts';

export interface WatchOptions extends Omit<BlockingLoopOptions<ConsulClient, ServiceAnswer>, 'ask'> {
  readonly service: string;
  readonly waitMs: number;
}

/** Asks again and again for the health of a service. Rejects only when the signal aborts. */
export async function watchService(options: WatchOptions, signal: AbortSignal): Promise<never> {
  const { service, waitMs } = options;
  return await blockingLoop(
    { ...options, ask: (client, index, until) => client.service(service, index, waitMs, until) },
    signal,
  );
}
