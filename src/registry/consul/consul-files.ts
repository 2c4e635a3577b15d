import { readFile } from 'node:fs/promises';
import { ShardError } from '../../model/errors.ts';
import type { ConsulAccess } from '../../model/settings.ts';

/** The TLS files of an access, as they are now. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export async function readTlsFiles({ caFile, certFile, keyFile }: ConsulAccess): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([
    readIfNamed(caFile, 'ca_file'),
    readIfNamed(certFile, 'cert_file'),
    readIfNamed(keyFile, 'key_file'),
  ]);
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

/** The token as it is now, from the file or the environment; undefined where there is none. */
export async function readToken({ tokenFile, token }: ConsulAccess): Promise<string | undefined> {
  const file = await readIfNamed(tokenFile, 'token_file');
  const value = file === undefined ? token?.reveal() : file.toString().trim();
  return value === '' ? undefined : value;
}

async function readIfNamed(file: string | undefined, key: string): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch (cause) {
    throw new ShardError('consul_file_unreadable', `consul.${key} must be a readable file`, {
      cause,
      retryable: true,
    });
  }
}
