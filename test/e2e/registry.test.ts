import { afterAll, beforeAll } from 'vitest';
import { createConsulRegistry } from '../../src/registry/consul/consul-registry.ts';
import type { RegistryOptions } from '../../src/registry/registry-options.ts';
import { type Consul, startConsul } from '../helpers/servers/consul.ts';
import { registrySuite } from '../registry/registry-suite.ts';

let consul: Consul;

beforeAll(async () => {
  consul = await startConsul();
});

afterAll(async () => {
  await consul.stop();
});

registrySuite('Consul', (options: RegistryOptions) =>
  createConsulRegistry({
    ...options,
    access: { host: consul.host, port: consul.port, scheme: 'http' },
    controller: 'test',
    waitMs: 2000,
  }),
);
