import { jobName, loopback } from '../scale.ts';

/** The name of the file with targets on each collector. */
export const fileName = 'targets.json';

export interface ConfigTextOptions {
  readonly webPort: number;
  readonly collectorPorts: readonly number[];
}

/** The demo's config.yaml: a whole one, written to be read. */
export function configText({ webPort, collectorPorts }: ConfigTextOptions): string {
  const nodes = collectorPorts.map((port) => `      - ${loopback}:${port}`).join('\n');
  return `# What the demo runs with. \`prome-shard run\` takes the same file.
consul:
  embedded: true                  # no Consul: the controller checks the collectors itself
http:
  host: ${loopback}
  port: ${webPort}
  enable_lifecycle: true          # curl -X POST http://${loopback}:${webPort}/-/reload
job_setting:
  ticker_interval: 5              # the getter runs every 5 seconds
targets_dir: ./targets            # targets/demo.ts exports the getter ${jobName}
shard_service:
  ${jobName}:
    desc: the demo's services, as its inventory lists them
    nodes:                        # the collectors
${nodes}
    check: {type: http, path: /-/ready, interval: 1s, timeout: 1s}
    delivery:
      type: local                 # the collectors run on this machine; elsewhere it is ssh
      dir: "./collectors/{port}/sd"
      reload: none                # file_sd sees the new file by itself
    dest_sd_file_name: ${fileName}
`;
}
