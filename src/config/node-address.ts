import { isIPv4, isIPv6 } from 'node:net';

export interface Address {
  readonly host: string;
  /** Absent where none is named. */
  readonly port?: number;
}

const hostName =
  /^(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*$/;
const onlyNumbers = /^[\d.]+$/;
const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/;
const withPort = /^([^:]+):(\d{1,5})$/;

/** Whether `text` is a host name or an IP address that may stand in a URL, an ssh call and a file name alike. */
export function isHost(text: string): boolean {
  if (text.includes(':')) return isIPv6(text) && !text.includes('%');
  return onlyNumbers.test(text) ? isIPv4(text) : hostName.test(text);
}

/** Host and port of `host`, `host:port`, `::1`, `[::1]` or `[::1]:port`; undefined for anything else. */
export function parseAddress(text: string): Address | undefined {
  if (isHost(text)) return { host: text };
  const brackets = bracketed.exec(text);
  const [, host, port] = brackets ?? withPort.exec(text) ?? [];
  if (host === undefined || !isHost(host) || (brackets !== null && !isIPv6(host))) return undefined;
  if (port === undefined) return { host };
  return isPort(Number(port)) ? { host, port: Number(port) } : undefined;
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}
