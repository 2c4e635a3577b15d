import type { GetterContext, TargetGroup } from 'prome-shard';

const TREE = process.env['SERVICE_TREE_URL'] ?? 'http://127.0.0.1:9993/stree-index';
const PORT = 9100; // node_exporter

/** Which hosts: `type` 1 is equal, 2 is not equal. */
const HOSTS: readonly Condition[] = [{ key: 'env', value: 'prod', type: 1 }];

/** Hosts that a service tree (a CMDB) knows, for node_exporter. */
export async function scrape_prome_ecs_inf(context: GetterContext): Promise<TargetGroup[]> {
  return await hosts(context, HOSTS);
}

async function hosts({ http, log }: GetterContext, labels: readonly Condition[]): Promise<TargetGroup[]> {
  const query = { resource_type: 'ecs', use_index: true, labels };
  const { result } = await http.json<Answer>(`${TREE}/query/resource?get_all=1`, { json: query });
  if (!result?.length) throw new Error('the service tree answered without a single host');
  const groups = result.flatMap(toGroup);
  log.info('service tree answered', { hosts: result.length, leftOut: result.length - groups.length });
  return groups;
}

/** A host as a target group; none where the tree knows too little of it. */
function toGroup({ hash, name, private_ip, region, tags }: Host): TargetGroup[] {
  const address = private_ip?.[0];
  if (!hash || !name || !tags || !address) return [];
  const { env, group, project, subgroup } = tags;
  const labels = { name, region, env, group, project, subgroup, stree_gpa: treePath(tags) };
  return [{ targets: [`${address}:${PORT}`], labels: present(labels) }];
}

/** `<group>.<project>.<app>`, only where all three are known. */
function treePath({ group, 'stree-project': project, 'stree-app': app }: Tags): string | undefined {
  return group && project && app ? `${group}.${project}.${app}` : undefined;
}

/** Prometheus refuses null, and takes an empty label for none: both are left out. */
function present(labels: Record<string, string | null | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
}

interface Condition {
  key: string;
  value: string;
  type: 1 | 2;
}

interface Answer {
  result?: Host[] | null;
}

interface Host {
  hash?: string | null;
  name?: string | null;
  private_ip?: string[] | null;
  region?: string | null;
  tags?: Tags | null;
}

type Tags = Partial<
  Record<'env' | 'group' | 'project' | 'subgroup' | 'stree-app' | 'stree-project', string | null>
>;
