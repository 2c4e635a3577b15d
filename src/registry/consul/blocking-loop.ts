import { backoffMs } from '../../runtime/backoff.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Floor } from '../floor.ts';
import { nextIndex } from './next-index.ts';

export interface BlockingLoopOptions<Client extends { close(): void }, Answer extends { index: bigint }> {
  readonly open: () => Promise<Client>;
  /** A blocking query: answers at once for index 0, else after a change or a wait. */
  readonly ask: (client: Client, index: bigint, signal: AbortSignal) => Promise<Answer>;
  readonly floor: Floor;
  readonly clock: Clock;
  readonly random: () => number;
  /** `fresh`: the first answer after the start, after a failure, or after the index went backwards. */
  readonly seen: (answer: Answer, fresh: boolean) => void;
  readonly failed: (error: unknown) => void;
}

const backoff = { firstMs: 500, maxMs: 30_000 };

/** Asks again and again; after a failure anew, over a new connection. Rejects only when the signal aborts. */
export async function blockingLoop<Client extends { close(): void }, Answer extends { index: bigint }>(
  options: BlockingLoopOptions<Client, Answer>,
  signal: AbortSignal,
): Promise<never> {
  let failures = 0;
  for (;;) {
    try {
      await askUntilFailure(options, signal, () => {
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

async function askUntilFailure<Client extends { close(): void }, Answer extends { index: bigint }>(
  { open, ask, floor, seen }: BlockingLoopOptions<Client, Answer>,
  signal: AbortSignal,
  worked: () => void,
): Promise<never> {
  const client = await open();
  try {
    for (let index = 0n; ; ) {
      await floor(signal);
      const answer = await ask(client, index, signal);
      signal.throwIfAborted();
      seen(answer, index === 0n);
      worked();
      index = nextIndex(index, answer.index);
    }
  } finally {
    client.close();
  }
}
