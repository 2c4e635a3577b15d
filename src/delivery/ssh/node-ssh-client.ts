import type { Duplex } from 'node:stream';
import { NodeSSH } from 'node-ssh';
import ssh2, {
  type AnyAuthMethod,
  type AuthenticationType,
  type Client,
  type ClientChannel,
  type ParsedKey,
  type ServerHostKeyAlgorithm,
  type SFTPWrapper,
} from 'ssh2';

/*
 * The one file that knows node-ssh and ssh2, and the only casts of this room: their types leave out that parseKey may
 * give a list, that connect takes any Duplex, and that algorithms are plain strings to whoever reads them from a file.
 */

export type SshPrivateKey = ParsedKey;
export type SshFiles = SFTPWrapper;

export type LoginMethod =
  | { readonly type: 'publickey'; readonly key: SshPrivateKey }
  | { readonly type: 'agent'; readonly socket: string };

export interface ClientOptions {
  /** A TCP socket, connecting or connected, or a channel through another host. */
  readonly stream: Duplex;
  readonly user: string;
  readonly methods: readonly LoginMethod[];
  /** Empty: the library's own. */
  readonly hostKeyAlgorithms: readonly string[];
  /** Judges the host's key, before the host has proved that it holds it. */
  readonly verify: (key: Buffer) => boolean;
  /** The host has proved it; nothing was sent yet that is secret. */
  readonly onHandshake: () => void;
  /** What the host says that it would accept, each time it refuses a login. */
  readonly onRefused: (accepts: readonly string[]) => void;
  readonly keepaliveMs: number;
  readonly keepaliveCount: number;
}

/** What a command on the host came to; `code` is null when a signal ended it or the connection broke. */
export interface CommandEnd {
  readonly code: number | null;
  readonly output: string;
}

/** A connection that is logged in. Nothing here has a time limit, and what is under way when it breaks may never settle. */
export interface SshClient {
  openFiles(): Promise<SshFiles>;
  /** A channel to an address as seen from the host. */
  forward(host: string, port: number): Promise<Duplex>;
  run(command: string, keepCharacters: number, signal: AbortSignal): Promise<CommandEnd>;
  /** Says goodbye; the stream ends when that is sent. */
  end(): void;
}

/** Logs in. `onGone` is called once, when the connection is closed or broke, with what is known of the reason. */
export async function openClient(
  options: ClientOptions,
  onGone: (reason: Error | undefined) => void,
): Promise<SshClient> {
  const ssh = new NodeSSH();
  const opening = ssh.connect({
    sock: options.stream as never,
    username: options.user,
    authHandler: loginSteps(options),
    hostVerifier: options.verify,
    algorithms: algorithmsOf(options.hostKeyAlgorithms),
    readyTimeout: 0,
    keepaliveInterval: options.keepaliveMs,
    keepaliveCountMax: options.keepaliveCount,
  });
  // Set by now, and listened to before anything can be received: an error that nobody hears would end the process.
  const client = ssh.connection;
  let reason: Error | undefined;
  client?.on('error', (error: Error) => {
    reason ??= error;
  });
  client?.on('close', () => onGone(reason));
  client?.once('handshake', options.onHandshake);
  await opening;
  if (client === null) throw new Error('the connection closed at once');
  return clientOf(ssh, client);
}

function clientOf(ssh: NodeSSH, client: Client): SshClient {
  return {
    openFiles: () => ssh.requestSFTP(),
    forward: (host, port) => ssh.forwardOut('127.0.0.1', 0, host, port),
    run: (command, keepCharacters, signal) => runOn(client, command, keepCharacters, signal),
    end: () => void client.end(),
  };
}

function runOn(client: Client, command: string, keep: number, signal: AbortSignal): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) reject(error);
      else collect(channel, keep, signal).then(resolve, reject);
    });
  });
}

function collect(channel: ClientChannel, keep: number, signal: AbortSignal): Promise<CommandEnd> {
  return new Promise((resolve) => {
    let output = '';
    let code: number | null = null;
    const take = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(0, keep);
    };
    const stop = () => void channel.close();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    channel.on('data', take);
    channel.stderr.on('data', take);
    channel.on('exit', (status: number | null) => {
      code = status;
    });
    channel.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve({ code, output });
    });
    channel.end();
  });
}

/** The key in a file's content, or the parser's error. */
export function parsePrivateKey(content: Buffer, passphrase: string | undefined): SshPrivateKey | Error {
  const parsed = ssh2.utils.parseKey(content, passphrase) as ParsedKey | ParsedKey[] | Error;
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined) return new Error('no key in it');
  return key instanceof Error || key.isPrivateKey() ? key : new Error('a public key');
}

function loginSteps({ user, methods, onRefused }: ClientOptions) {
  const left = methods.map((method): AnyAuthMethod => {
    return method.type === 'publickey'
      ? { type: 'publickey', username: user, key: method.key }
      : { type: 'agent', username: user, agent: method.socket };
  });
  return (accepts: AuthenticationType[] | null) => {
    if (accepts !== null) onRefused(accepts);
    return left.shift() ?? (false as const);
  };
}

function algorithmsOf(hostKeyAlgorithms: readonly string[]) {
  if (hostKeyAlgorithms.length === 0) return {};
  return { serverHostKey: [...hostKeyAlgorithms] as ServerHostKeyAlgorithm[] };
}
