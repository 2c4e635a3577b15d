import type { GetterHttpOptions } from '../../model/getter.ts';
import { safeUrl } from './safe-url.ts';

/** A request ready to be sent, as often as needed. */
export interface HttpRequest {
  /** Method and URL without secrets, for messages. */
  readonly label: string;
  /** Without user and password: they are in the headers. */
  readonly url: URL;
  readonly init: { readonly method: string; readonly headers: Headers; readonly body?: string };
}

/** Headers given win over those made from the URL's user and password, the JSON body and what is accepted. */
export function httpRequest(from: string | URL, options: GetterHttpOptions, accept: string): HttpRequest {
  const url = new URL(from);
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const method = options.method ?? (body === undefined ? 'GET' : 'POST');
  const headers = new Headers({ accept, 'user-agent': 'prome-shard' });
  if (options.json !== undefined) headers.set('content-type', 'application/json');
  const authorization = basicAuthorization(url);
  if (authorization !== undefined) headers.set('authorization', authorization);
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.set(name, value);
  const label = `${method} ${safeUrl(url)}`;
  url.username = '';
  url.password = '';
  return { label, url, init: { method, headers, ...(body === undefined ? {} : { body }) } };
}

function basicAuthorization({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
