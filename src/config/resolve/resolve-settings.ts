import { Secret } from '../../model/secret.ts';
import type { ConsulAccess, RegistrySettings, Settings } from '../../model/settings.ts';
import type { ConfigInput } from '../schema/config-schema.ts';
import { type Base, type Env, resolvePath } from './base.ts';
import { resolveJob } from './resolve-job.ts';

/** A whole configuration with its defaults; `defaultKey` is the private key where none is named. */
export function resolveSettings(
  config: ConfigInput,
  file: string,
  base: Base,
  env: Env,
  defaultKey: string | undefined,
): Settings {
  return {
    file,
    registry: resolveRegistry(config.consul, base, env),
    http: {
      host: config.http.host,
      port: config.http.port,
      enableLifecycle: config.http.enable_lifecycle,
    },
    targetsDir: resolvePath(config.targets_dir, base),
    jobs: [...config.shard_service].map(([name, job]) => resolveJob(name, job, config, base, defaultKey)),
  };
}

function resolveRegistry(consul: ConfigInput['consul'], base: Base, env: Env): RegistrySettings {
  return consul.embedded
    ? { type: 'embedded' }
    : { type: 'consul', consul: resolveConsul(consul, base, env), lockKey: consul.lock_key };
}

function resolveConsul(consul: ConfigInput['consul'], base: Base, env: Env): ConsulAccess {
  const { host, port, scheme, datacenter } = consul;
  const token = env['CONSUL_HTTP_TOKEN']?.trim() ?? '';
  return {
    host,
    port,
    scheme,
    ...(datacenter === undefined ? {} : { datacenter }),
    ...(token === '' ? {} : { token: new Secret(token) }),
    ...fileOf('tokenFile', consul.token_file, base),
    ...fileOf('caFile', consul.ca_file, base),
    ...fileOf('certFile', consul.cert_file, base),
    ...fileOf('keyFile', consul.key_file, base),
  };
}

function fileOf<Key extends string>(
  key: Key,
  text: string | undefined,
  base: Base,
): Partial<Record<Key, string>> {
  const none: Partial<Record<Key, string>> = {};
  return text === undefined ? none : { ...none, [key]: resolvePath(text, base) };
}
