import { choice, filePath, flag, hostField, line, lockKeyField, portNumber, section } from './fields.ts';

/** `consul`: where the pool is kept. */
export const consulSchema = section({
  host: hostField.default('127.0.0.1').describe('The host of the Consul agent.'),
  port: portNumber.default(8500).describe('The port of its HTTP API.'),
  scheme: choice(['http', 'https']).default('http').describe('Whether the API is spoken to over TLS.'),
  datacenter: line('the name of a datacenter')
    .optional()
    .describe("Another datacenter than the agent's own."),
  token_file: filePath
    .optional()
    .describe('A file that holds the ACL token. It wins over the environment variable CONSUL_HTTP_TOKEN.'),
  ca_file: filePath
    .optional()
    .describe('The CA that signed the certificate of Consul (PEM). Needs scheme https.'),
  cert_file: filePath.optional().describe('A client certificate (PEM). Needs key_file and scheme https.'),
  key_file: filePath.optional().describe('The key of the client certificate (PEM).'),
  lock_key: lockKeyField
    .default('prome-shard/leader')
    .describe(
      'The key of the lock by which one of several controllers leads. Each group of controllers needs its own.',
    ),
  embedded: flag
    .default(false)
    .describe(
      'No Consul: this process checks the collectors itself. One controller only; takes no other key here.',
    ),
});
