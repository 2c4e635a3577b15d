import { type Child, type ChildOptions, startChild } from '../child.ts';
import { until } from '../until.ts';

export interface Readiness {
  /** For the message. */
  readonly name: string;
  /** Truthy when the server can be used; a throw counts as not yet. */
  readonly ready: () => Promise<unknown>;
  /** Default 20,000. */
  readonly withinMs?: number;
}

/** Starts a server and waits until it is ready; one that ends or does not get there is ended, and its output shown. */
export async function startServer(
  options: ChildOptions,
  { name, ready, withinMs = 20_000 }: Readiness,
): Promise<Child> {
  const child = await startChild(options);
  try {
    await until(async () => child.exit !== undefined || (await ready()), {
      within: withinMs,
      what: `${name} ready`,
    });
    if (child.exit === undefined) return child;
    throw new Error(`${name} ended with ${child.exit.code ?? child.exit.signal}`);
  } catch (cause) {
    await child.kill();
    throw new Error(`${name} did not start; its output:\n${child.output()}`, { cause });
  }
}
