import { choice, folderPath, line, section } from './fields.ts';

/** `delivery` of a job: how its file gets onto its collectors. */
export const deliverySchema = section({
  type: choice(['ssh', 'local', 'ansible', 'http_sd'], 'shard_service.<job>.delivery.type')
    .optional()
    .meta({ default: 'ssh' })
    .describe(
      'ssh: over SFTP. local: collectors on this machine. ansible: by a playbook; also the default where yaml_path stands.',
    ),
  dir: folderPath
    .optional()
    .meta({ default: '/opt/app/prometheus/sd' })
    .describe(
      'The folder of the file on the collector, absolute for ssh and ansible. local needs it. May hold {job}, {collector}, {host}, {port}.',
    ),
  reload: choice(['tunnel', 'http', 'command', 'none'])
    .optional()
    .meta({ default: 'tunnel' })
    .describe(
      'How Prometheus is told: tunnel (POST /-/reload to localhost on the collector, through SSH), http (to its host), command, none.',
    ),
  reload_command: line('a command on one line')
    .optional()
    .describe('What reload: command runs on the collector.'),
});
