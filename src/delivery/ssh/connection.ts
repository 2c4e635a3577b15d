import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import pLimit from 'p-limit';
import { ShardError } from '../../model/errors.ts';
import type { Clock } from '../../runtime/clock.ts';
import { inTurn } from '../in-turn.ts';
import { limited } from '../raced.ts';
import type { CommandEnd, SshClient, SshFiles } from './node-ssh-client.ts';

/** Channels at once beside SFTP: sshd allows ten sessions a connection. */
const channelsAtOnce = 4;

/** Milliseconds for a polite goodbye before the socket is cut. */
const goodbyeMs = 500;

/** A connection to one host, logged in. Every operation ends when it breaks, at its time limit, or by its signal. */
export interface SshConnection {
  readonly name: string;
  readonly clock: Clock;
  /** Aborts, with a ShardError, when the connection is closed or broken. */
  readonly gone: AbortSignal;
  /** The one SFTP session, kept open; a second call gets the same. */
  files(signal: AbortSignal): Promise<SshFiles>;
  /** A channel to an address as seen from the host. */
  forward(host: string, port: number, signal: AbortSignal): Promise<Duplex>;
  run(command: string, keepCharacters: number, signal: AbortSignal): Promise<CommandEnd>;
  /** Runs `work` when one of the few channels is free. */
  withChannel<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** Runs one step that the host must answer in time; a host that does not is given up with its connection. */
  step<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** Cuts it at once. */
  drop(reason: ShardError): void;
  /** Says goodbye and closes. */
  end(): Promise<void>;
}

export interface ConnectionParts {
  readonly name: string;
  readonly client: SshClient;
  readonly stream: Duplex;
  readonly clock: Clock;
  /** For each step: one request and its answer. */
  readonly stepLimitMs: number;
  /** The controller that whoever hears the client's end aborts. */
  readonly gone: AbortController;
}

export function createConnection(parts: ConnectionParts): SshConnection {
  const { name, client, stream, clock, stepLimitMs, gone } = parts;
  const channels = pLimit(channelsAtOnce);
  let files: Promise<SshFiles> | undefined;

  function drop(reason: ShardError): void {
    gone.abort(reason);
    stream.destroy();
  }

  function step<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const late = () => {
      const error = noAnswer(name, stepLimitMs);
      drop(error);
      return error;
    };
    return limited({ clock, limitMs: stepLimitMs, late, signals: [gone.signal, signal] }, work);
  }

  async function openFiles(): Promise<SshFiles> {
    const opened = await client.openFiles();
    const lost = (cause?: unknown) => drop(lostError(name, cause));
    opened.on('error', lost);
    opened.on('close', () => lost());
    return opened;
  }

  return {
    name,
    clock,
    gone: gone.signal,
    files: (signal) => {
      files ??= openFiles();
      const opening = files;
      return step(signal, () => opening);
    },
    forward: (host, port, signal) => step(signal, () => forwardOrClose(client, host, port, signal)),
    run: (command, keepCharacters, signal) => client.run(command, keepCharacters, signal),
    withChannel: (signal, work) => inTurn(channels, signal, work),
    step,
    drop,
    end: () => goodbye(parts),
  };
}

/** A channel that comes when nobody waits for it any more is closed again. */
async function forwardOrClose(
  client: SshClient,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Duplex> {
  const channel = await client.forward(host, port);
  channel.on('error', () => channel.destroy());
  if (signal.aborted) channel.destroy();
  return channel;
}

async function goodbye({ name, client, stream, gone, clock }: ConnectionParts): Promise<void> {
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const done = new AbortController();
  gone.abort(lostError(name, 'closed here'));
  if (stream.closed) return;
  client.end();
  await Promise.race([closed, clock.sleep(goodbyeMs, done.signal).catch(() => undefined)]);
  done.abort();
  stream.destroy();
  // A channel through a jump host closes when that host says so, or with the connection to it.
  if (stream instanceof Socket) await closed;
}

/** The error of work whose connection broke; a new one may do. */
export function lostError(name: string, cause: unknown): ShardError {
  return new ShardError('ssh_connection_lost', `the SSH connection to ${name} broke`, {
    cause,
    retryable: true,
  });
}

function noAnswer(name: string, limitMs: number): ShardError {
  return new ShardError(
    'delivery_timeout',
    `${name} did not answer within ${limitMs} ms; the connection is given up`,
    {
      retryable: true,
    },
  );
}
