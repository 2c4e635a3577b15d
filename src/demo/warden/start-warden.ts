import { fork } from 'node:child_process';
import { once } from 'node:events';
import { packageFile } from '../../config/package-info.ts';
import type { ProcessGuard } from '../collectors/collector-process.ts';
import type { WardenMessage } from './warden-message.ts';

/** A process that cleans up when this one is gone, even by SIGKILL. */
export interface Warden extends ProcessGuard {
  /** Has it end what still runs and remove the folder; resolves when it is done. */
  dismiss(): Promise<void>;
}

/** `folder` is removed in the end; '' leaves everything in place. */
export function startWarden(folder: string): Warden {
  const child = fork(packageFile('dist/demo/warden/main.js'), [folder], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const exited = once(child, 'exit');
  const tell = (message: WardenMessage) => {
    if (child.connected) child.send(message);
  };
  return {
    started: (pid) => tell({ type: 'started', pid }),
    ended: (pid) => tell({ type: 'ended', pid }),
    async dismiss() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
