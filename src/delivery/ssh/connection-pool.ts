import type { Duplex } from 'node:stream';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { whenAborted } from '../../runtime/when-aborted.ts';
import { abortError, raced } from '../raced.ts';
import type { SshConnection } from './connection.ts';
import { type Hop, hopKey, jumpOf } from './hop.ts';

/** Connections by hop, kept open and shared; a broken one is forgotten, and the next call makes a new one. */
export interface ConnectionPool {
  use<T>(hop: Hop, signal: AbortSignal, work: (connection: SshConnection) => Promise<T>): Promise<T>;
  /** Ends them all; nothing can be used any more. */
  close(): Promise<void>;
}

export interface ConnectionPoolOptions {
  readonly clock: Clock;
  /** A connection that nobody used for so long is closed. */
  readonly idleMs: number;
  readonly connect: (
    hop: Hop,
    through: ((signal: AbortSignal) => Promise<Duplex>) | undefined,
    signal: AbortSignal,
  ) => Promise<SshConnection>;
}

interface Entry {
  readonly key: string;
  readonly hop: Hop;
  readonly opening: Promise<SshConnection>;
  users: number;
  /** Runs while nobody uses the connection. */
  idle: AbortController | undefined;
}

export function createConnectionPool(options: ConnectionPoolOptions): ConnectionPool {
  return new Pool(options);
}

class Pool implements ConnectionPool {
  readonly #options: ConnectionPoolOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new AbortController();

  constructor(options: ConnectionPoolOptions) {
    this.#options = options;
  }

  async use<T>(hop: Hop, signal: AbortSignal, work: (connection: SshConnection) => Promise<T>): Promise<T> {
    if (this.#closing.signal.aborted) throw abortError(this.#closing.signal);
    const entry = this.#acquire(hop);
    try {
      return await work(await raced(entry.opening, signal));
    } finally {
      this.#release(entry);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(
      new ShardError('delivery_aborted', 'the SSH transport is closed', { retryable: true }),
    );
    const all = [...this.#entries.values()];
    for (const entry of all) entry.idle?.abort();
    // What goes through a jump host says goodbye while that still forwards it.
    await endAll(all.filter(({ hop }) => hop.access.jump !== undefined));
    await endAll(all.filter(({ hop }) => hop.access.jump === undefined));
  }

  #acquire(hop: Hop): Entry {
    const key = hopKey(hop);
    const entry = this.#entries.get(key) ?? this.#open(key, hop);
    entry.users += 1;
    entry.idle?.abort();
    entry.idle = undefined;
    return entry;
  }

  #open(key: string, hop: Hop): Entry {
    const opening = this.#options.connect(hop, this.#throughOf(hop), this.#closing.signal);
    const entry: Entry = { key, hop, opening, users: 0, idle: undefined };
    this.#entries.set(key, entry);
    const forget = () => this.#forget(entry);
    opening.then((connection) => whenAborted(connection.gone, forget), forget);
    return entry;
  }

  #forget(entry: Entry): void {
    entry.idle?.abort();
    if (this.#entries.get(entry.key) === entry) this.#entries.delete(entry.key);
  }

  #release(entry: Entry): void {
    entry.users -= 1;
    const kept = this.#entries.get(entry.key) === entry && !this.#closing.signal.aborted;
    if (entry.users > 0 || !kept) return;
    const idle = new AbortController();
    entry.idle = idle;
    this.#options.clock.sleep(this.#options.idleMs, idle.signal).then(
      () => entry.opening.then((connection) => connection.end()),
      () => undefined,
    );
  }

  /** The jump host's connection is in use for as long as the one through it lives. */
  #throughOf(hop: Hop): ((signal: AbortSignal) => Promise<Duplex>) | undefined {
    const jump = jumpOf(hop);
    if (jump === undefined) return undefined;
    return async (signal) => {
      const entry = this.#acquire(jump);
      try {
        const connection = await raced(entry.opening, signal);
        const channel = await connection.forward(hop.host, hop.access.port, signal);
        whenAborted(connection.gone, () => channel.destroy());
        channel.once('close', () => this.#release(entry));
        return channel;
      } catch (error) {
        this.#release(entry);
        throw error;
      }
    };
  }
}

async function endAll(entries: readonly Entry[]): Promise<void> {
  await Promise.all(
    entries.map(({ opening }) =>
      opening.then(
        (connection) => connection.end(),
        () => undefined,
      ),
    ),
  );
}
