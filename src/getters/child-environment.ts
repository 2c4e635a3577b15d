/** What a getter's process does not inherit: access to Consul and to the collectors, and what belongs to this process alone. */
const withheld = new Set([
  'CONSUL_HTTP_AUTH',
  'CONSUL_HTTP_TOKEN',
  'CONSUL_HTTP_TOKEN_FILE',
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
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !withheld.has(name)));
}
