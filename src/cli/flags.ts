import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../runtime/logger.ts';

/** Where the web server listens; '' is every address. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** The flags that every command that reads the config takes, named as Prometheus names them. */
export interface CommonFlags {
  readonly 'config.file': string;
  readonly 'log.level': LogLevel;
  readonly 'log.format': LogFormat;
}

export interface WebFlags {
  readonly 'web.listenAddress'?: ListenAddress;
  readonly 'web.enableLifecycle'?: true;
}

export function withCommonFlags(command: Command): Command {
  return withLogFlags(withConfigFlag(command));
}

function withConfigFlag(command: Command): Command {
  return command.option('--config.file <file>', 'the configuration', 'config.yaml');
}

/** For commands that ask a running controller. */
export interface ControllerFlags {
  readonly 'config.file': string;
  readonly url?: URL;
}

export function withControllerFlags(command: Command): Command {
  return withConfigFlag(command).addOption(
    new Option(
      '--url <url>',
      'where the running controller serves, instead of http.host and http.port of the configuration',
    ).argParser(parseUrl),
  );
}

/** The address of a controller, or of a proxy before it that adds a path. */
function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new InvalidArgumentError('Expected a URL without user and password, like http://127.0.0.1:8801.');
  }
  return url;
}

function withLogFlags(command: Command): Command {
  return command
    .addOption(new Option('--log.level <level>', 'how much is logged').choices(logLevels).default('info'))
    .addOption(new Option('--log.format <format>', 'how it is logged').choices(logFormats).default('logfmt'));
}

export function withWebFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--web.listen-address <address>',
        'instead of http.host and http.port, like :8801',
      ).argParser(parseListenAddress),
    )
    .option('--web.enable-lifecycle', 'allow reload, sync and accept over HTTP');
}

/** `host:port`, `[v6]:port` or `:port`, as Prometheus takes it. */
function parseListenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError('Expected host:port or :port, like 127.0.0.1:8801.');
  }
  return { host: match[1] ?? match[2] ?? '', port };
}
