import { z } from 'zod';
import { parseAddress } from '../node-address.ts';
import { cronField } from './cron-field.ts';
import { deliverySchema } from './delivery-schema.ts';
import {
  choice,
  duration,
  filePath,
  flag,
  hostField,
  line,
  portNumber,
  section,
  wholeNumber,
} from './fields.ts';
import { fileNameField } from './file-name-field.ts';
import { sshOverrideSchema } from './ssh-schema.ts';

const nodeExpected = '"host", "host:port", "[ipv6]:port" or a mapping with `host`';

const nodeText = z.string(nodeExpected).transform((text, context) => {
  const address = parseAddress(text);
  if (address !== undefined) return address;
  context.addIssue({ code: 'custom', message: nodeExpected });
  return z.NEVER;
});

const nodeMapping = section({
  host: hostField.describe('The host name or address of the collector.'),
  port: portNumber.optional().describe("The port of this collector. Unset: the job's port."),
  zone: line('the name of a zone (a number in quotes)')
    .optional()
    .describe('Its failure domain, a name of your own.'),
  weight: z
    .number('a number above 0')
    .positive('a number above 0')
    .default(1)
    .describe('Its share of the load, relative to the other nodes.'),
  ssh: sshOverrideSchema.optional().describe("Overrides the job's ssh, key by key."),
});

const checkSchema = section({
  type: choice(['tcp', 'http']).default('tcp').describe('tcp: the port opens. http: a GET answers 2xx.'),
  path: z
    .string('a path that begins with /')
    .regex(/^\/[^\s\p{Cc}]*$/u, 'a path that begins with / and holds no space')
    .optional()
    .meta({ default: '/-/ready' })
    .describe('The path of the http check.'),
  interval: duration(100)
    .prefault('5s')
    .describe('The time between two checks. Consul rounds below 1s up to 1s.'),
  timeout: duration(100).prefault('5s').describe('How long one check may take.'),
});

const ratio = z.number('a number from 0 to 1').min(0, 'a number from 0 to 1').max(1, 'a number from 0 to 1');
const shardByExpected = 'target or group';

/** Keys of a job that the contract has and this version refuses (see not-yet.ts). */
const laterKeys = {
  kind: choice(['targets', 'rules'])
    .default('targets')
    .describe('What the getter returns: targets or rule groups.'),
  replicas: wholeNumber(1, 100).default(1).describe('The number of owners of a target.'),
  load_factor: z
    .number('a number of at least 1')
    .min(1, 'a number of at least 1')
    .optional()
    .describe('No collector carries more than this times its fair share.'),
  weigh_by: choice(['targets', 'samples'])
    .default('targets')
    .describe('What the load of a collector is measured in.'),
  max_moves: wholeNumber(0, 1e9).optional().describe('The most targets that move in one cycle.'),
  everywhere: flag.default(false).describe('Each collector of the pool gets every target.'),
  failover: section({ down_for: duration(0).optional().describe('How long its owner must see it down.') })
    .optional()
    .describe('Moves a target that its owner cannot reach and another collector can.'),
};

/** One entry of `shard_service`. */
export const jobSchema = section({
  desc: z.string('text (a number in quotes)').default('').describe('What the job is, for people.'),
  nodes: z
    .array(z.union([nodeText, nodeMapping], nodeExpected), 'a list of nodes')
    .prefault([])
    .describe('The collectors: "host", "host:port", "[ipv6]:port", or a mapping.'),
  port: portNumber.default(9090).describe('The port of a collector where its node names none.'),
  register: flag
    .default(true)
    .describe(
      'Registers the nodes in Consul. false: the collectors register themselves under the name of the job.',
    ),
  check: checkSchema.prefault({}).describe('How the health of a collector is tried.'),
  cron: cronField.optional().describe('When the getter of this job runs, instead of job_setting.'),
  getter_timeout: duration(100)
    .optional()
    .describe("The longest run of this job's getter. Unset: as in job_setting."),
  virtual_nodes: wholeNumber(1, 10_000)
    .default(1000)
    .describe('Points of each collector on the ring. A change moves targets.'),
  shard_by: z
    .string(shardByExpected)
    .regex(/^(?:target|group|label:[a-zA-Z_][a-zA-Z0-9_]*)$/, shardByExpected)
    .default('target')
    .describe(
      "target: each target goes its own way. group: the targets of one group stay together, prome_shard's way.",
    ),
  settle: duration(0)
    .prefault('200ms')
    .describe('How long to wait for more membership changes before planning.'),
  guard: section({
    max_drop: ratio
      .default(0.5)
      .describe('An answer that drops more than this part of the targets is held. 1: none is.'),
    min_targets: wholeNumber(0, 1e9).default(1).describe('An answer with fewer targets is held.'),
    hold_for: duration(0).prefault('15m').describe('The same answer lasting so long is let through.'),
    max_pool_drop: ratio
      .default(0.5)
      .describe(
        'Collectors that leave at once and are this part of the pool or more must fail a probe of this process too. 1: all of them only.',
      ),
  })
    .prefault({})
    .describe('Bad news that is not believed at once: answers and pools that are suddenly too small.'),
  handoff: section({
    mode: choice(['verified', 'timed', 'none'])
      .default('verified')
      .describe(
        'When the old owner of a target lets go. verified: the new one was seen to scrape it. timed: after the timeout. none: at once.',
      ),
    timeout: duration(0).prefault('90s').describe('The longest wait, from the delivery to the new owner on.'),
  })
    .prefault({})
    .describe('How a target moves from one collector to another.'),
  evict_after: duration(0)
    .prefault('60s')
    .describe('A collector whose file could not be written for so long counts as absent until it can.'),
  ssh: sshOverrideSchema.optional().describe('Overrides the top ssh, key by key.'),
  delivery: deliverySchema.prefault({}).describe('How the file gets onto the collectors.'),
  dest_sd_file_name: fileNameField
    .default('file_sd_by_prome_shared.json')
    .describe('The name of the file on the collector. May hold {job}, {collector}, {host}, {port}.'),
  yaml_path: filePath.optional().describe('A playbook: the file is delivered by ansible, which runs it.'),
  ...laterKeys,
});

/** A job that passed the schema. */
export type JobInput = z.output<typeof jobSchema>;
export type NodeInput = JobInput['nodes'][number];
