/** Every code that a ShardError carries, with what it means; docs/errors.md lists the same. */
export const errorCodes = {
  config_invalid: 'The configuration has problems; each is listed with file, line and column.',
  config_unreadable: 'The configuration file could not be read.',
  http_listen: 'The web server could not listen on its address.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
