import { jobName } from '../scale.ts';

/** The demo's getter: what a user writes for each job. */
export function getterText(inventoryUrl: string): string {
  return `import type { GetterContext, TargetGroup } from 'prome-shard';

/** One machine of the inventory. */
interface Machine {
  name: string;
  address: string;
  service: string;
  zone: string;
  env: string;
}

/** The getter of the job with the same name: asks the inventory, returns what Prometheus' file_sd takes. */
export async function ${jobName}({ http }: GetterContext): Promise<TargetGroup[]> {
  const machines = (await http.json('${inventoryUrl}')) as Machine[];
  return machines.map(({ address, service, zone, env }) => ({
    targets: [address],
    labels: { service, zone, env },
  }));
}
`;
}
