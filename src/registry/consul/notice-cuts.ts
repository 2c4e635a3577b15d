import type { ClientRequest, RequestOptions } from 'node:http';
import type Consul from 'consul';

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

/** Makes a call fail at once when its connection ends before the answer does: the package would wait for the time limit. Also takes the brackets off an IPv6 host, which the package leaves on. */
export function noticeCuts(consul: Consul): void {
  // The one cast of this room: the hook is part of papi's documented interface.
  (consul as unknown as Extensible)._ext('onRequest', (request, next) => {
    const { transport, req } = request;
    req.hostname = req.hostname.replace(/^\[(.*)\]$/, '$1');
    request.transport = { request: (options) => failingWhenCut(transport.request(options)) };
    next();
  });
}

function failingWhenCut(request: ClientRequest): ClientRequest {
  // After a whole answer the package no longer listens to what this says.
  return request.once('close', () =>
    request.emit('error', new Error('the connection ended before the answer did')),
  );
}
