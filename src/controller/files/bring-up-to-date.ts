import { createHash } from 'node:crypto';
import { decodeFile } from '../../delivery/decode-file.ts';
import { type DeliveryOutcome, deliver } from '../../delivery/deliver.ts';
import { encodeFile } from '../../delivery/encode-file.ts';
import type { Fence, Place, Transport } from '../../delivery/transport.ts';
import type { DeliveryResult } from '../../model/delivery.ts';
import { ShardError } from '../../model/errors.ts';
import type { TargetGroup } from '../../model/target-group.ts';
import { believedGroups } from './believed-groups.ts';
import { composeFile } from './compose-file.ts';
import { type FileState, type HeldGroups, isComplete, isProvisional, unplannedJobs } from './file-state.ts';
import { reloadingAll } from './reloading-all.ts';

/** What one try came to: a delivery, or why there was nothing to write. */
export type Outcome =
  | DeliveryResult
  /** Some job of the file has no plan, and nothing can be kept for it in a file that cannot be understood. */
  | { readonly result: 'waiting'; readonly for: readonly string[] }
  /** It was read, and no more: no job of it has a plan, or one is planned by files alone, and this one may add to that. */
  | { readonly result: 'read' }
  /** This process does not lead: it was read where that was due. */
  | { readonly result: 'standby' };

/** What a try must ask of the rest. */
export interface Say {
  /** A job's list in the file, as it is to be now; undefined while the job has no plan. */
  readonly listOf: (file: FileState, job: string) => readonly TargetGroup[] | undefined;
  /** Called after the file was read, before anything is written: whether jobs that had no share of it have targets there, and got one. */
  readonly wasRead: (file: FileState) => boolean;
  /** Throws `not_leading` where nothing may be changed. */
  readonly fence: Fence;
  /** Called when a file holds what it is to hold, though its Prometheus was not told yet. */
  readonly written: (file: FileState) => void;
}

/** Reads the file where that is due, writes it where it differs from the lists, and has every Prometheus that reads it take it up. */
export async function bringUpToDate(
  file: FileState,
  transport: Transport,
  say: Say,
  signal: AbortSignal,
): Promise<Outcome> {
  const { doubts } = file;
  const outcome = await readAndWrite(file, transport, say, signal);
  if (file.doubts !== doubts) file.trust = 'unclear';
  return outcome;
}

async function readAndWrite(
  file: FileState,
  transport: Transport,
  say: Say,
  signal: AbortSignal,
): Promise<Outcome> {
  const place = anyPlace(file);
  const { held, doubts } = file;
  const failed = await readIfDue(file, place, transport, signal);
  if (failed !== undefined) return failed;
  // It is read once more: what came may be older than what somebody else wrote.
  if (file.doubts !== doubts) return { result: 'read' };
  const isNews = say.wasRead(file) || file.held !== held;
  const unplanned = unplannedJobs(file);
  if (unplanned.length === file.shares.size) return { result: 'read' };
  if (isNews && isProvisional(file)) return { result: 'read' };
  if (file.held === undefined && unplanned.length > 0) return { result: 'waiting', for: unplanned };
  if (!mayChange(say.fence)) return { result: 'standby' };
  return await write(file, place, transport, say, signal);
}

async function write(
  file: FileState,
  place: Place,
  transport: Transport,
  say: Say,
  signal: AbortSignal,
): Promise<Outcome> {
  const lists = new Map([...file.shares.keys()].map((job) => [job, say.listOf(file, job)]));
  const composed = composeFile(lists, file.held ?? nothing, isComplete(file));
  const bytes = asLargeAsRefused(file, encodeFile(composed));
  const digest = digestOf(bytes);
  const held = file.digest === digest && !mustProve(file, digest) ? 'same' : 'other';
  file.writing = composed;
  const isThere = () => {
    know(file, composed, digest);
    file.writing = undefined;
    file.reloadOwed = true;
    say.written(file);
  };
  const { reloadOwed } = file;
  const delivery = { place, bytes, held, reloadOwed, fence: say.fence, written: isThere } as const;
  const outcome = await deliver(reloadingAll(file, transport), delivery, signal);
  file.writing = undefined;
  file.reloadOwed = outcome.reloadOwed;
  remember(file, outcome, composed, { digest, size: bytes.length });
  if (outcome.result.result === 'failed' && isFenced(outcome.result.error)) return { result: 'standby' };
  return outcome.result;
}

type Written = NonNullable<FileState['refused']>;

function remember(file: FileState, { holds }: DeliveryOutcome, composed: HeldGroups, written: Written): void {
  const { digest } = written;
  switch (holds) {
    case 'wanted':
      know(file, composed, digest);
      file.refused = undefined;
      break;
    case 'unknown':
      file.trust = 'unclear';
      if (file.digest !== digest) file.refused = written;
      break;
    case 'before':
      break;
    default:
      holds satisfies never;
  }
}

/**
 * After a write of other bytes failed, a file that holds what is wanted by now is written all the same: what an evicted collector
 * keeps was never taken away, and does not show that its file can be written again.
 */
function mustProve({ stuckSince, refused }: FileState, digest: string): boolean {
  return stuckSince !== undefined && refused !== undefined && refused.digest !== digest;
}

/**
 * An evicted collector keeps less and less: that there is room for its empty list on a full disk does not show that there is for its
 * part of the next plan. Spaces behind the list, which mean nothing in JSON, ask for the room that there was not.
 */
function asLargeAsRefused({ shares, refused }: FileState, bytes: Buffer): Buffer {
  const evicted = [...shares.values()].some((share) => share.evicted === true);
  const lacking = (refused?.size ?? 0) - bytes.length;
  return evicted && lacking > 0 ? Buffer.concat([bytes, Buffer.alloc(lacking, ' ')]) : bytes;
}

const nothing: HeldGroups = new Map();

/** Reads what the collector holds unless that is known for sure; the failure, where it could not be read. */
async function readIfDue(
  file: FileState,
  place: Place,
  transport: Transport,
  signal: AbortSignal,
): Promise<Outcome | undefined> {
  if (file.trust === 'sure') return undefined;
  try {
    const read = await transport.read(place, signal);
    if (read.state === 'unknown') know(file, file.held ?? nothing, undefined);
    else take(file, read.state === 'file' ? read.bytes : undefined);
    return undefined;
  } catch (error) {
    if (error instanceof ShardError) return { result: 'failed', step: 'read', error };
    throw error;
  }
}

function take(file: FileState, bytes: Buffer | undefined): void {
  const digest = bytes === undefined ? undefined : digestOf(bytes);
  const same = digest === file.digest && file.held !== undefined;
  if (file.trust === 'aged' && !same) file.altered = true;
  if (same) file.trust = 'sure';
  else if (bytes === undefined) know(file, nothing, undefined);
  else takeBytes(file, bytes, digest);
}

/** A file that Prometheus would refuse too holds nothing that could be kept. */
function takeBytes(file: FileState, bytes: Buffer, digest: string | undefined): void {
  const decoded = decodeFile(bytes);
  if (!decoded.ok) {
    Object.assign(file, { held: undefined, digest: undefined, trust: 'sure' });
    return;
  }
  const { held, doubt } = believedGroups(decoded.groupsByJob);
  know(file, held, digest);
  file.strange = doubt;
}

function know(file: FileState, held: HeldGroups, digest: string | undefined): void {
  file.held = held;
  file.digest = digest;
  file.trust = 'sure';
}

function mayChange(fence: Fence): boolean {
  try {
    fence();
    return true;
  } catch (error) {
    if (isFenced(error)) return false;
    throw error;
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof ShardError && error.code === 'not_leading';
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64');
}

function anyPlace(file: FileState): Place {
  for (const share of file.shares.values()) return share.place;
  throw new TypeError(`expected a file with at least one job, got none for ${file.key}`);
}
