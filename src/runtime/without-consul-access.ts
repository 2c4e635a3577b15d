const names: ReadonlySet<string> = new Set([
  'CONSUL_HTTP_AUTH',
  'CONSUL_HTTP_TOKEN',
  'CONSUL_HTTP_TOKEN_FILE',
]);

/** An environment for a program that has no business with Consul. */
export function withoutConsulAccess(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.has(name)));
}
