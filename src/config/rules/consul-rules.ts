import type { Path } from '../complaint.ts';
import { eachJob, keyComplaint, type Rule, valueComplaint } from './rule.ts';

const accessKeys = [
  'host',
  'port',
  'scheme',
  'datacenter',
  'token_file',
  'ca_file',
  'cert_file',
  'key_file',
  'lock_key',
] as const;
const tlsKeys = ['ca_file', 'cert_file', 'key_file'] as const;

/** With the embedded registry there is no Consul to reach. */
export const embeddedTakesNoAccess: Rule = ({ config, written }) => {
  if (!config.consul.embedded) return [];
  return accessKeys
    .map((key): Path => ['consul', key])
    .filter(written)
    .map((path) =>
      keyComplaint(
        path,
        `\`${path.at(-1)}\` means nothing with \`embedded: true\` (no Consul): remove one of the two`,
      ),
    );
};

/** Only Consul knows collectors that register themselves. */
export const embeddedNeedsNodes: Rule = (input) =>
  eachJob((job, at) => {
    if (!input.config.consul.embedded || job.register) return [];
    const message =
      '`register: false` needs Consul, where the collectors register themselves: remove it or `consul.embedded`';
    return [valueComplaint([...at, 'register'], message)];
  })(input);

/** Certificates are of no use without TLS, and a client's certificate none without its key. */
export const tlsIsWhole: Rule = ({ config: { consul }, written }) => {
  const path = (key: string): Path => ['consul', key];
  const plain = tlsKeys.filter((key) => consul.scheme === 'http' && written(path(key)));
  const complaints = plain.map((key) =>
    keyComplaint(path(key), `\`${key}\` needs \`scheme: https\`: add that or remove the key`),
  );
  const lonely = consul.cert_file === undefined ? 'key_file' : 'cert_file';
  if ((consul.cert_file === undefined) === (consul.key_file === undefined)) return complaints;
  const missing = lonely === 'cert_file' ? 'key_file' : 'cert_file';
  return [...complaints, keyComplaint(path(lonely), `\`${lonely}\` needs \`${missing}\` beside it`)];
};
