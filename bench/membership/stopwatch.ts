import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { Place, Transport } from '../../src/delivery/transport.ts';
import { createTransports, type Transports } from '../../src/delivery/transports.ts';
import { createLogger, type Logger } from '../../src/runtime/logger.ts';

/** One file of a change; moments as of performance.now(). */
export interface FileTime {
  readonly place: Place;
  readonly transport: Transport;
  /** When the transport was first asked for anything: the bytes were ready by then. */
  readonly askedAt: number;
  readonly bytes: Buffer;
  /** When the rename was confirmed. */
  readonly renamedAt: number;
  /** Milliseconds of CPU that this process had used by then, all its threads. */
  readonly cpuAt: number;
}

/** One membership change; moments as of performance.now(). */
export interface ChangeTime {
  /** When the head of Consul's answer came in. */
  readonly answeredAt: number;
  /** When the pool's new members were known. */
  readonly seenAt: number;
  readonly plannedAt: number;
  /** Milliseconds of CPU that this process had used when the answer came in. */
  readonly cpuAt: number;
  readonly files: readonly FileTime[];
}

/** Takes the times of a controller from outside: it runs with this logger and these transports. */
export interface Stopwatch {
  readonly log: Logger;
  readonly transports: Transports;
  /** Forgets what was seen before. */
  reset(): void;
  /** The change since the last reset, once `files` files were written; undefined until then. */
  change(files: number): ChangeTime | undefined;
  /** Warnings and errors in the controller's log, but for the loss of a member, which is what is measured: there should be none. */
  complaints(): readonly string[];
  stop(): void;
}

export function createStopwatch(): Stopwatch {
  const moments = new Map<string, number>();
  const complaints: string[] = [];
  let answeredAt = Number.NaN;
  let cpuAt = Number.NaN;
  let files: FileTime[] = [];

  const answered = (message: unknown): void => {
    if (!isPoolQuery(message)) return;
    answeredAt = performance.now();
    cpuAt = cpuMs();
  };
  subscribe('http.client.response.finish', answered);

  const log = createLogger('info', 'json', (line) => {
    const now = performance.now();
    const { level, msg }: { level: string; msg: string } = JSON.parse(line);
    if (level !== 'info' && msg !== 'pool changed') complaints.push(line);
    if (msg === 'pool changed') moments.set('answered', answeredAt).set('cpu', cpuAt).set('seen', now);
    else if (msg === 'planned') moments.set('planned', now);
  });
  const moment = (name: string): number => moments.get(name) ?? Number.NaN;

  return {
    log,
    transports: timed(createTransports({ log }), (file) => void files.push(file)),
    reset() {
      moments.clear();
      files = [];
    },
    change(count) {
      if (!moments.has('seen') || files.length < count) return undefined;
      return {
        answeredAt: moment('answered'),
        seenAt: moment('seen'),
        plannedAt: moment('planned'),
        cpuAt: moment('cpu'),
        files,
      };
    },
    complaints: () => complaints,
    stop: () => void unsubscribe('http.client.response.finish', answered),
  };
}

/** Milliseconds of CPU that this process has used, in all its threads. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Whether this is the head of an answer to a question for a pool. */
function isPoolQuery(message: unknown): boolean {
  const { request } = message as { request: ClientRequest };
  return request.path.startsWith('/v1/health/service/');
}

/** The same transports, but each file written is told. */
function timed(transports: Transports, written: (file: FileTime) => void): Transports {
  return {
    for(place) {
      const transport = transports.for(place);
      let askedAt: number | undefined;
      return {
        ...transport,
        read(from, signal) {
          askedAt ??= performance.now();
          return transport.read(from, signal);
        },
        async write(to, bytes, signal, fence) {
          askedAt ??= performance.now();
          await transport.write(to, bytes, signal, fence);
          written({ place: to, transport, askedAt, bytes, renamedAt: performance.now(), cpuAt: cpuMs() });
        },
      };
    },
    close: () => transports.close(),
  };
}
