import { ensureServers, type ServerPaths } from './find.ts';

let asked: Promise<ServerPaths> | undefined;

/** The programs that the global set-up found; looked for here where there is none, as in a bench script. */
export async function serverPaths(): Promise<ServerPaths> {
  asked ??= ask();
  return await asked;
}

async function ask(): Promise<ServerPaths> {
  if (process.env['VITEST'] === undefined) return await ensureServers();
  const { inject } = await import('vitest');
  return inject('servers') ?? (await ensureServers());
}
