import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { createAnsibleTransport } from './ansible/ansible-transport.ts';
import { createLocalTransport } from './local/local-transport.ts';
import { createSshTransport } from './ssh/ssh-transport.ts';
import type { Place, Transport } from './transport.ts';

export interface TransportsOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Read for SSH_AUTH_SOCK, and handed to ansible-playbook; default this process' own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** One transport of each type, shared by all jobs. */
export interface Transports {
  for(place: Place): Transport;
  close(): Promise<void>;
}

/** Opens nothing before the first use. */
export function createTransports(options: TransportsOptions): Transports {
  const { log, clock = systemClock, env = process.env } = options;
  const local = createLocalTransport({ log, clock });
  const ssh = createSshTransport({ log, clock, agentSocket: env['SSH_AUTH_SOCK'] });
  const ansible = createAnsibleTransport({ log, clock, env });
  return {
    for({ spec }) {
      switch (spec.type) {
        case 'local':
          return local;
        case 'ssh':
          return ssh;
        case 'ansible':
          return ansible;
      }
    },
    async close() {
      await Promise.all([local.close(), ssh.close(), ansible.close()]);
    },
  };
}
