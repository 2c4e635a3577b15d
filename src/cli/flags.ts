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
  return withLogFlags(command.option('--config.file <file>', 'the configuration', 'config.yaml'));
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
    .option('--web.enable-lifecycle', 'allow reload and sync over HTTP');
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
