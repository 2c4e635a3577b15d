import type { RegistrySettings, Settings } from '../model/settings.ts';

/** The keys whose change a reload cannot take over: the process must be started anew. Empty when it can. */
export function needsRestart(before: Settings, after: Settings): readonly string[] {
  const old = fixedValues(before);
  const changed = fixedValues(after);
  return Object.keys(old).filter((key) => old[key] !== changed[key] && key in changed);
}

/** What is bound once at start: the listener and the registry's connection, by the keys of the file. */
function fixedValues({
  http,
  registry,
}: Settings): Readonly<Record<string, string | number | boolean | undefined>> {
  return { 'http.host': http.host, 'http.port': http.port, ...registryValues(registry) };
}

function registryValues(
  registry: RegistrySettings,
): Readonly<Record<string, string | number | boolean | undefined>> {
  if (registry.type === 'embedded') return { 'consul.embedded': true };
  const { host, port, scheme, datacenter, tokenFile, caFile, certFile, keyFile } = registry.consul;
  return {
    'consul.embedded': false,
    'consul.host': host,
    'consul.port': port,
    'consul.scheme': scheme,
    'consul.datacenter': datacenter,
    'consul.token_file': tokenFile,
    'consul.ca_file': caFile,
    'consul.cert_file': certFile,
    'consul.key_file': keyFile,
    'consul.lock_key': registry.lockKey,
  };
}
