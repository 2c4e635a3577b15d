import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '../temp-folder.ts';
import { mustRun } from './run-command.ts';
import { serverPaths } from './server-paths.ts';

/** Files of a small certificate authority of one test: a server's pair for 127.0.0.0/8 and localhost, and a client's. */
export interface Certificates {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
}

const serverNames = 'DNS:localhost,IP:127.0.0.1,IP:127.0.0.11,IP:127.0.0.12,IP:127.0.0.13';

/** Makes a new authority with a server's and a client's certificate, valid for two days. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await tempFolder('certificates');
  const path = (name: string) => join(folder, name);
  await openssl([
    ...newKey(path('ca')),
    '-x509',
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-out',
    path('ca.pem'),
  ]);
  await sign(folder, 'server', `subjectAltName=${serverNames}`);
  await sign(folder, 'client', 'extendedKeyUsage=clientAuth');
  return {
    caFile: path('ca.pem'),
    certFile: path('server.pem'),
    keyFile: path('server.key'),
    clientCertFile: path('client.pem'),
    clientKeyFile: path('client.key'),
  };
}

function newKey(path: string): string[] {
  return [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    `${path}.key`,
  ];
}

async function sign(folder: string, name: string, extension: string): Promise<void> {
  const path = join(folder, name);
  const ca = join(folder, 'ca');
  await writeFile(`${path}.ext`, `${extension}\n`);
  await openssl([...newKey(path), '-subj', `/CN=${name}`, '-out', `${path}.csr`]);
  await openssl([
    ...['x509', '-req', '-in', `${path}.csr`, '-CA', `${ca}.pem`, '-CAkey', `${ca}.key`, '-CAcreateserial'],
    ...['-days', '2', '-extfile', `${path}.ext`, '-out', `${path}.pem`],
  ]);
}

async function openssl(args: readonly string[]): Promise<void> {
  await mustRun((await serverPaths()).openssl, args);
}
