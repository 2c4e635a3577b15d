import { isIPv6 } from 'node:net';
import { describeValue, shown } from './describe-value.ts';

const wanted = 'expected "host:port"';
const plain = /^([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?):([0-9]{1,5})$/;
// Prometheus looks names in other scripts up in their ASCII form.
const anyScript = /^([\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_.-]*[\p{L}\p{M}\p{N}_.])?):([0-9]{1,5})$/u;
const bracketed = /^\[([^\][]*)\]:([0-9]{1,5})$/;

/** What is wrong with a target, or undefined: `host:port` or `[IPv6]:port`, with a port, without scheme and path. */
export function targetProblem(target: unknown): string | undefined {
  if (typeof target !== 'string') return `${wanted}, got ${describeValue(target)}`;
  const match = plain.exec(target) ?? anyScript.exec(target);
  if (match === null) return ipv6Problem(target);
  return portProblem(target, match[2]);
}

function ipv6Problem(target: string): string | undefined {
  const match = bracketed.exec(target);
  if (match === null) return `${wanted}, got ${shown(target)}${reason(target)}`;
  if (isIPv6(match[1] ?? '')) return portProblem(target, match[2]);
  return `${wanted}, got ${shown(target)}: no IPv6 address between the brackets`;
}

function portProblem(target: string, port: string | undefined): string | undefined {
  const number = Number(port);
  if (number >= 1 && number <= 65_535) return undefined;
  return `${wanted}, got ${shown(target)}: the port is not between 1 and 65535`;
}

function reason(target: string): string {
  if (target === '') return '';
  if (target.includes('://')) return ': leave the scheme out (a __scheme__ label sets it)';
  if (target.includes('/')) return ': leave the path out (a __metrics_path__ label sets it)';
  if (target.includes('@')) return ': leave user and password out (the scrape config has them)';
  if (/\s/.test(target)) return ': it holds white space';
  if (isIPv6(target)) return ': an IPv6 address needs brackets, and a port after them';
  if (!target.includes(':')) return ': the port is missing';
  if (!/:[0-9]{1,5}$/.test(target)) return ': no port number after the last colon';
  return ': a host is letters, digits, dots, hyphens and underscores, or an IPv6 address in brackets';
}
