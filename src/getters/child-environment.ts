import { withoutConsulAccess } from '../runtime/without-consul-access.ts';

/** What a getter's process does not inherit beside access to Consul: access to the collectors, and what belongs to this process alone. */
const withheld = new Set([
  'LISTEN_FDS',
  'LISTEN_FDNAMES',
  'LISTEN_PID',
  'NODE_CHANNEL_FD',
  'NODE_V8_COVERAGE',
  'NOTIFY_SOCKET',
  'SSH_AGENT_PID',
  'SSH_AUTH_SOCK',
  'WATCHDOG_PID',
  'WATCHDOG_USEC',
]);

/** The environment of a getter's process: everything that a getter may need, without what is withheld. */
export function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(withoutConsulAccess(environment)).filter(([name]) => !withheld.has(name)),
  );
}
