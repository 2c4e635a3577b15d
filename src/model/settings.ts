import type { Job } from './job.ts';
import type { Secret } from './secret.ts';

/** How to reach Consul. Files are absolute paths, read at each (re)connection, so that tokens may rotate. */
export interface ConsulAccess {
  readonly host: string;
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly datacenter?: string;
  readonly tokenFile?: string;
  /** From the environment (CONSUL_HTTP_TOKEN); `tokenFile` wins. */
  readonly token?: Secret;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export type RegistrySettings =
  | {
      readonly type: 'consul';
      readonly consul: ConsulAccess;
      /** The lock that one of several controllers holds; also the name of their group. */
      readonly lockKey: string;
    }
  | { readonly type: 'embedded' };

export interface HttpSettings {
  /** '' listens on every address. */
  readonly host: string;
  readonly port: number;
  readonly enableLifecycle: boolean;
}

/** A whole configuration, resolved. */
export interface Settings {
  /** The absolute path of the file that it came from. */
  readonly file: string;
  readonly registry: RegistrySettings;
  readonly http: HttpSettings;
  readonly targetsDir: string;
  readonly jobs: readonly Job[];
}
