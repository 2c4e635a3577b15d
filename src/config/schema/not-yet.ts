/** A key of the contract that this version knows and does not serve: it is refused, never ignored. */
export interface NotYet {
  /** Where it stands, as in `schemaLevels`. */
  readonly key: string;
  /** Values that mean what this version does anyway; every other one is refused. */
  readonly allowed?: readonly (string | number | boolean)[];
  /** The values that are refused, where the rest of the key's values are served. */
  readonly refused?: RegExp;
}

/** Delete a line to let its feature in. */
export const notYet: readonly NotYet[] = [
  { key: 'pushgateway' },
  { key: 'query' },
  { key: 'http.web_config_file' },
  { key: 'shard_service.<job>.kind', allowed: ['targets'] },
  { key: 'shard_service.<job>.replicas', allowed: [1] },
  { key: 'shard_service.<job>.load_factor' },
  { key: 'shard_service.<job>.shard_by', refused: /^label:/ },
  { key: 'shard_service.<job>.weigh_by', allowed: ['targets'] },
  { key: 'shard_service.<job>.max_moves' },
  { key: 'shard_service.<job>.everywhere', allowed: [false] },
  { key: 'shard_service.<job>.failover' },
  { key: 'shard_service.<job>.nodes[].weight', allowed: [1] },
  { key: 'shard_service.<job>.delivery.type', refused: /^http_sd$/ },
];
