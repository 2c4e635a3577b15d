import { z } from 'zod';
import { consulSchema } from './consul-schema.ts';
import { cronField } from './cron-field.ts';
import {
  choice,
  duration,
  filePath,
  flag,
  folderPath,
  hostField,
  line,
  longestMs,
  portNumber,
  section,
} from './fields.ts';
import { httpSchema } from './http-schema.ts';
import { jobSchema } from './job-schema.ts';
import { sshSchema } from './ssh-schema.ts';

const tickerExpected = 'a number of seconds of at least 0.1, or a duration such as 10s';

const ticker = z.union(
  [
    z
      .number(tickerExpected)
      .min(0.1, tickerExpected)
      .max(longestMs / 1_000, tickerExpected)
      .transform((seconds) => Math.round(seconds * 1_000)),
    duration(100),
  ],
  tickerExpected,
);

const jobSettingSchema = section({
  ticker_interval: ticker
    .prefault(10)
    .describe('The getters run this often: a number of seconds, or a duration.'),
  cron: cronField
    .optional()
    .describe('When the getters run, instead of ticker_interval: five or six fields.'),
  getter_timeout: duration(100).prefault('30s').describe('The longest run of a getter.'),
});

const pushgatewaySchema = section({
  listen: line('host:port or :port').default(':9292').describe('Where the front listens.'),
  service_name: line('the name of a service')
    .default('pushgateway')
    .describe('The name of the Pushgateways in Consul.'),
  port: portNumber.default(9091).describe('The port of a Pushgateway.'),
  servers: z.array(hostField, 'a list of hosts').prefault([]).describe('The hosts of the Pushgateways.'),
  mode: choice(['redirect', 'proxy', 'auto'])
    .default('redirect')
    .describe('Whether clients are sent on or served.'),
  group_ttl: duration(0).prefault('0s').describe('How long a group lives without a push. 0s: for ever.'),
  cleaner: flag.default(true).describe('Deletes second copies of a group.'),
  web_config_file: filePath.optional().describe('TLS and users, in the web.config.yml format of Prometheus.'),
});

/** The whole of config.yaml: the source of its types, defaults and messages, and of docs/config.schema.json. */
export const configSchema = z.strictObject(
  {
    consul: consulSchema.prefault({}).describe('Where the pool is kept: Consul, or this process itself.'),
    http: httpSchema.prefault({}).describe('What this process serves: page, API, metrics.'),
    job_setting: jobSettingSchema.prefault({}).describe('When getters run, for every job.'),
    targets_dir: folderPath.default('./targets').describe('The folder of the getters.'),
    ssh: sshSchema
      .prefault({})
      .describe('How collectors are reached; a job or a node may override each key.'),
    shard_service: z
      .map(z.string(), jobSchema, 'a mapping from job names to jobs')
      .default(() => new Map())
      .describe('The jobs. The name of a job is also the name of its Consul service and of its getter.'),
    pushgateway: pushgatewaySchema.optional().describe('The front of a pool of Pushgateways.'),
    query: z.looseObject({}, 'a mapping').optional().describe('Query servers to keep current.'),
  },
  'a mapping with keys such as `shard_service`',
);

/** A configuration that passed the schema: defaults in place, durations in milliseconds. */
export type ConfigInput = z.output<typeof configSchema>;

export type { JobInput } from './job-schema.ts';

const nameExpected =
  'letters, digits and _, and no digit first: the name is also the name of the getter that targets/ exports';

/** The name of a job: it becomes an exported function, a Consul service, a label value and a part of URLs. */
export const jobNameSchema = z
  .string(nameExpected)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, nameExpected)
  .max(128, 'at most 128 characters')
  .refine(
    (name) => name !== 'default',
    'another name than default, which is what a module exports as a whole',
  );
