import { messageOf } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { DemoFolder } from '../files/folder.ts';
import { loopback } from '../scale.ts';
import { CollectorProcess, type ProcessGuard } from './collector-process.ts';
import { type CollectorKind, prepareCollector } from './kind.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export interface CollectorsOptions {
  readonly kind: CollectorKind;
  readonly ports: readonly number[];
  readonly folder: DemoFolder;
  readonly intervalMs: number;
  readonly guard: ProcessGuard;
  readonly clock: Clock;
  /** Called when one ended without being told to, after all had started. */
  readonly ended: (collector: CollectorProcess, how: string) => void;
}

/** What came of starting the collectors: none is left running when one did not start. */
export type StartedCollectors =
  | { readonly ok: true; readonly collectors: readonly CollectorProcess[] }
  | { readonly ok: false; readonly message: string };

/** Starts all collectors and waits until each is ready. Rejects only when the signal aborts. */
export async function startCollectors(
  options: CollectorsOptions,
  signal: AbortSignal,
): Promise<StartedCollectors> {
  const { kind, ports, folder, intervalMs, guard, clock } = options;
  let told = false;
  const collectors: CollectorProcess[] = [];
  try {
    for (const port of ports) {
      const name = `${loopback}:${port}`;
      const commandLine = await prepareCollector(kind, { name, port, folder, intervalMs });
      const ended = (how: string) => {
        if (told) options.ended(collector, how);
      };
      const collector = new CollectorProcess({ name, port, commandLine, guard, ended });
      collectors.push(collector);
      collector.start();
    }
    await Promise.all(collectors.map((collector) => waitUntilReady(collector, clock, signal)));
    told = true;
    return { ok: true, collectors };
  } catch (error) {
    await Promise.all(collectors.map((collector) => collector.kill()));
    signal.throwIfAborted();
    return { ok: false, message: messageOf(error) };
  }
}
