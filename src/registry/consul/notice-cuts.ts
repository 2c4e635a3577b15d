import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type Consul from 'consul';

/** Some 50,000 instances of a service. */
const answerLimitBytes = 64 << 20;

interface Transport {
  request(options: RequestOptions): ClientRequest;
}

interface PackageRequest {
  transport: Transport;
  readonly req: { hostname: string };
}

/** What the package inherits from papi and its types leave out: a hook before each request. */
interface Extensible {
  _ext(event: 'onRequest', hook: (request: PackageRequest, next: () => void) => void): void;
}

/** Makes a call fail at once when its connection ends before the answer does, for which the package would wait until the time limit, and when the answer is longer than `limitBytes`, for the package keeps all of it. Also takes the brackets off an IPv6 host, which the package leaves on. */
export function noticeCuts(consul: Consul, limitBytes = answerLimitBytes): void {
  // The one cast of this room: the hook is part of papi's documented interface.
  (consul as unknown as Extensible)._ext('onRequest', (request, next) => {
    const { transport, req } = request;
    req.hostname = req.hostname.replace(/^\[(.*)\]$/, '$1');
    request.transport = { request: (options) => failing(transport.request(options), limitBytes) };
    next();
  });
}

function failing(request: ClientRequest, limitBytes: number): ClientRequest {
  request.once('response', (response: IncomingMessage) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) request.destroy(new Error(`the answer is longer than ${limitBytes >> 20} MiB`));
    });
  });
  // After a whole answer the package no longer listens to what this says.
  return request.once('close', () =>
    request.emit('error', new Error('the connection ended before the answer did')),
  );
}
