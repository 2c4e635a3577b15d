import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { inPatientTurn } from '../in-turn.ts';
import type { Place } from '../transport.ts';
import { connect } from './connect.ts';
import type { SshConnection } from './connection.ts';
import { createConnectionPool } from './connection-pool.ts';
import { hopOf } from './hop.ts';
import { createKnownHostsFile, type KnownHostsFile } from './known-hosts-file.ts';
import { createPrivateKeys } from './private-key.ts';

/** The settings of an SSH transport that have defaults. */
export interface RunnerOptions {
  readonly log: Logger;
  /** The agent's socket; the program hands in SSH_AUTH_SOCK. */
  readonly agentSocket?: string | undefined;
  /** Milliseconds for one request and its answer; default 30,000. */
  readonly stepLimitMs?: number;
  /** A host that answers none of `keepaliveCount` questions, one every `keepaliveMs`, is given up; default 2 and 4000: after 12 s. */
  readonly keepaliveMs?: number;
  readonly keepaliveCount?: number;
  /** A connection unused for so long is closed; default five minutes. */
  readonly idleMs?: number;
}

/** Longer than any host needs that is well; each has one connection, so there are never more than hosts. */
const patienceMs = 2000;

type Work<T> = (connection: SshConnection) => Promise<T>;

/** Runs work on a place's connection, at most `concurrency` at once, those that do not answer aside. */
export interface Runner {
  on<T>(place: Place, signal: AbortSignal, work: Work<T>): Promise<T>;
  /** The same in turns of its own: a Prometheus that does not answer must not hold up files. */
  aside<T>(place: Place, signal: AbortSignal, work: Work<T>): Promise<T>;
  close(): Promise<void>;
}

export function createRunner(options: RunnerOptions, clock: Clock): Runner {
  const { log, agentSocket, stepLimitMs = 30_000, keepaliveMs = 4000, keepaliveCount = 2 } = options;
  const keys = createPrivateKeys();
  const knownHosts = kept<string, KnownHostsFile>(createKnownHostsFile);
  const lanes = { files: lane(), questions: lane() };
  const deps = { log, clock, keys, knownHosts, agentSocket, stepLimitMs, keepaliveMs, keepaliveCount };
  const pool = createConnectionPool({
    clock,
    idleMs: options.idleMs ?? 5 * 60_000,
    connect: (hop, through, signal) => connect(hop, deps, through, signal),
  });
  const runIn = <T>(turns: Lane, place: Place, signal: AbortSignal, work: Work<T>): Promise<T> =>
    inPatientTurn(turns(place.ssh.concurrency), signal, { clock, patienceMs }, () =>
      pool.use(hopOf(place), signal, work),
    );
  return {
    on: (place, signal, work) => runIn(lanes.files, place, signal, work),
    aside: (place, signal, work) => runIn(lanes.questions, place, signal, work),
    close: () => pool.close(),
  };
}

type Lane = (concurrency: number) => LimitFunction;

function lane(): Lane {
  return kept((concurrency) => pLimit(concurrency));
}

/** Makes a value at its first use and keeps it. */
function kept<K, V>(make: (key: K) => V): (key: K) => V {
  const values = new Map<K, V>();
  return (key) => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    return value;
  };
}
