import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { type Duplex, pipeline, type Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import type { HttpAnswer } from '../transport.ts';

/** One HTTP request to a Prometheus; over `stream` (an SSH channel) where there is one, else over the network. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly stream?: Duplex;
  /** Bytes of the body to keep, unpacked where it came packed. */
  readonly keepBytes: number;
  /** The error of a longer body; absent: what comes after those bytes is dropped. */
  readonly tooLong?: () => Error;
}

/** Sends the request and reads the answer; rejects with node's own error, or the signal's reason. Leaves no socket. */
export function sendRequest(options: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const { stream, method, host, port, path } = options;
  return new Promise((resolve, reject) => {
    const sent = request({
      method,
      host,
      port,
      path,
      agent: false,
      headers: { 'Accept-Encoding': 'gzip' },
      ...(stream === undefined ? {} : { createConnection: () => stream }),
    });
    const aborted = () => sent.destroy(asError(signal.reason));
    signal.addEventListener('abort', aborted);
    if (signal.aborted) aborted();
    sent.on('error', reject);
    sent.on('close', () => signal.removeEventListener('abort', aborted));
    sent.on('response', (response) => collect(sent, response, options).then(resolve, reject));
    sent.end();
  });
}

async function collect(
  sent: ClientRequest,
  response: IncomingMessage,
  { keepBytes, tooLong }: HttpRequest,
): Promise<HttpAnswer> {
  // Piece by piece: to decode a long answer in one go would hold up everybody else.
  const decoder = new StringDecoder('utf8');
  const pieces: string[] = [];
  let kept = 0;
  for await (const chunk of unpacked(response)) {
    if (!Buffer.isBuffer(chunk)) continue;
    const part = chunk.subarray(0, keepBytes - kept);
    if (tooLong !== undefined && part.length < chunk.length) throw tooLong();
    kept += part.length;
    pieces.push(decoder.write(part));
  }
  sent.destroy();
  return { status: response.statusCode ?? 0, body: pieces.join('') + decoder.end() };
}

/** A list of targets packs to a twentieth. */
function unpacked(response: IncomingMessage): Readable {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  // What goes wrong on the way comes out at the end of the pipe, where it is read.
  return pipeline(response, createGunzip(), () => undefined);
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
