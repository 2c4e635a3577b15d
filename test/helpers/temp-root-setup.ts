import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { makeTempRoot } from './temp-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly tempRoot: string;
  }
}

/** vitest's set-up for every project: one folder for all that a run leaves, removed at its end. */
export default function setup(project: TestProject): () => void {
  const root = makeTempRoot();
  project.provide('tempRoot', root);
  return () => rmSync(root, { recursive: true, force: true });
}
