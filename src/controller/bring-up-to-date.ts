import { createHash } from 'node:crypto';
import { decodeFile } from '../delivery/decode-file.ts';
import { deliver } from '../delivery/deliver.ts';
import { encodeFile } from '../delivery/encode-file.ts';
import type { Fence, Place, Transport } from '../delivery/transport.ts';
import { hostPort } from '../model/collector.ts';
import type { DeliveryResult } from '../model/delivery.ts';
import { ShardError } from '../model/errors.ts';
import type { TargetGroup } from '../model/target-group.ts';
import { composeFile } from './compose-file.ts';
import { type FileState, type Share, unplannedJobs } from './file-state.ts';

/** What one try came to: a delivery, or a wait until each job of the file has a plan. */
export type Outcome = DeliveryResult | { readonly result: 'waiting'; readonly for: readonly string[] };

type Held =
  | ReadonlyMap<string, readonly TargetGroup[]>
  | 'unreadable'
  | Extract<Outcome, { result: 'failed' }>;

/** Writes the file where it differs from what the plans say, and has every Prometheus that reads it take it up. */
export async function bringUpToDate(
  file: FileState,
  transport: Transport,
  signal: AbortSignal,
  fence: Fence,
): Promise<Outcome> {
  const place = anyPlace(file);
  const held = await heldGroups(file, place, transport, signal);
  if (held === 'unreadable') return { result: 'waiting', for: unplannedJobs(file) };
  if ('result' in held) return held;
  // As they are now: a plan that comes during the delivery is not in these bytes.
  const shares = new Map(file.shares);
  const bytes = encodeFile(composeFile(shares, held));
  const digest = createHash('sha256').update(bytes).digest('base64');
  const known = file.held === undefined ? 'unknown' : file.held === digest ? 'same' : 'other';
  const outcome = await deliver(
    reloadingAll(file, transport),
    { place, bytes, held: known, reloadOwed: file.reloadOwed, fence },
    signal,
  );
  if (outcome.holds !== 'before') file.held = outcome.holds === 'wanted' ? digest : undefined;
  file.reloadOwed = outcome.reloadOwed;
  // Also when only the reload failed: file_sd takes the file up without one.
  if (outcome.holds === 'wanted') markDelivered(file, shares);
  return outcome.result;
}

function markDelivered(file: FileState, shares: ReadonlyMap<string, Share>): void {
  for (const [job, { wanted }] of shares) if (wanted !== undefined) file.delivered.set(job, wanted);
}

/** What the file holds, by job: read only while a job has no plan and must keep its share. */
async function heldGroups(
  file: FileState,
  place: Place,
  transport: Transport,
  signal: AbortSignal,
): Promise<Held> {
  if (unplannedJobs(file).length === 0) return new Map();
  try {
    const held = await transport.read(place, signal);
    if (held.state === 'none') return new Map();
    const decoded = held.state === 'file' ? decodeFile(held.bytes) : undefined;
    return decoded?.ok === true ? decoded.groupsByJob : 'unreadable';
  } catch (error) {
    if (error instanceof ShardError) return { result: 'failed', step: 'read', error };
    throw error;
  }
}

/**
 * The same transport, but a reload tells each Prometheus that reads the file once. One that left the pool may be dead, and is
 * told only if it can be.
 */
function reloadingAll(file: FileState, transport: Transport): Transport {
  const shares = [...file.shares.values()].sort(
    (some, other) => Number(other.departing) - Number(some.departing),
  );
  const readers = new Map(shares.map((share) => [processOf(share.place), share]));
  return {
    read: (place, signal) => transport.read(place, signal),
    write: (place, bytes, signal, fence) => transport.write(place, bytes, signal, fence),
    ask: (place, path, signal) => transport.ask(place, path, signal),
    close: () => transport.close(),
    async reload(_, signal) {
      let reloaded = false;
      for (const { place, departing } of readers.values()) {
        const told = transport.reload(place, signal);
        reloaded = (departing ? await ifItCan(told) : await told) || reloaded;
      }
      return reloaded;
    },
  };
}

async function ifItCan(told: Promise<boolean>): Promise<boolean> {
  try {
    return await told;
  } catch (error) {
    if (error instanceof ShardError) return false;
    throw error;
  }
}

function processOf({ collector }: Place): string {
  return hostPort(collector.host, collector.port);
}

function anyPlace(file: FileState): Place {
  for (const share of file.shares.values()) return share.place;
  throw new TypeError(`expected a file with at least one job, got none for ${file.key}`);
}
