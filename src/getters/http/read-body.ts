import { ShardError } from '../../model/errors.ts';

/** The whole body as text; an error once it is longer than `limitBytes`, without reading on. */
export async function readBody(response: Response, limitBytes: number): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) {
      throw new ShardError('getter_http_failed', `expected a body of at most ${limitBytes} bytes, got more`);
    }
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  parts.push(decoder.decode());
  return parts.join('');
}
