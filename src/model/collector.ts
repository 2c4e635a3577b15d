/** One Prometheus server (or vmagent) that scrapes: a member of a job's pool while it passes its check. */
export interface Collector {
  /** Its name on the ring: `host` where the port is the job's own, else `host:port`. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** The failure domain, '' where none is named. */
  readonly zone: string;
  /** The share of the load relative to the others, above 0. */
  readonly weight: number;
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The name of a collector on the ring of a job whose own port is `jobPort`. */
export function ringName(host: string, port: number, jobPort: number): string {
  return port === jobPort ? host : hostPort(host, port);
}
