import type { TargetGroup } from '../../src/model/target-group.ts';

const environments = ['production', 'production', 'production', 'staging', 'development'];

/** A getter's answer like those of a CMDB: `count` targets, one a group, 8 labels each, not in order of name. */
export function answerOf(count: number): TargetGroup[] {
  return Array.from({ length: count }, (_, index) => ({
    targets: [`10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}:9100`],
    labels: {
      region: `eu-west-${index % 7}`,
      zone: `zone-${index % 21}`,
      cluster: `cluster-${index % 97}`,
      service: `service-${index % 1013}`,
      team: `team-${index % 53}`,
      env: environments[index % environments.length] ?? '',
      instance_id: `i-${(Math.imul(index, 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}`,
      __metrics_path__: '/metrics',
    },
  }));
}

/** The names of `count` collectors. */
export function collectorNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `172.20.${70 + (index >> 7)}.${100 + (index & 127)}`);
}
