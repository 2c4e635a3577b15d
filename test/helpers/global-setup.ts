import type { TestProject } from 'vitest/node';
import { ensureServers, type ServerPaths } from './servers/find.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly servers: ServerPaths;
  }
}

/** vitest's set-up for the end-to-end tests: the real servers' programs, found or fetched once for the whole run. */
export default async function setup(project: TestProject): Promise<void> {
  project.provide('servers', await ensureServers());
}
