/** Every code that a ShardError carries, with what it means; docs/errors.md lists the same. */
export const errorCodes = {
  config_invalid: 'The configuration has problems; each is listed with file, line and column.',
  config_unreadable: 'The configuration file could not be read.',
  http_listen: 'The web server could not listen on its address.',
  delivery_aborted:
    'A call to a collector was given up because the controller stops or the work was called off.',
  delivery_denied: 'The user may not read or write the file or its folder on the collector.',
  delivery_disk_full: 'The disk of the collector has no room for the file.',
  delivery_failed: 'The file could not be read or written for another reason, which the message tells.',
  delivery_no_folder: 'The folder of the file does not exist on the collector.',
  delivery_place_invalid: '`dir` and `dest_sd_file_name` give no usable path for a collector.',
  delivery_read_only: 'The file system of the collector is mounted read-only.',
  delivery_timeout: 'The collector did not answer within the time limit.',
  delivery_too_large: 'The file on the collector is larger than any list of targets may be.',
  delivery_unsupported: 'The SSH server of the collector lacks something that a delivery needs.',
  reload_disabled: 'Prometheus refuses to reload over HTTP: it runs without --web.enable-lifecycle.',
  reload_failed: 'Prometheus, or the reload command, answered that the reload went wrong.',
  reload_unreachable: 'Nobody could be asked to reload: no Prometheus answers on the port.',
  ssh_auth_failed: 'The host accepted none of the ways to log in.',
  ssh_connect_failed: 'The SSH connection could not be made.',
  ssh_connection_lost: 'The SSH connection broke during the work.',
  ssh_host_key_changed: 'The host showed another key than known_hosts has for it.',
  ssh_host_key_revoked: 'The host showed a key that known_hosts marks @revoked.',
  ssh_host_key_unknown: 'known_hosts has no key for the host.',
  ssh_key_unusable: 'The private key cannot be used: file, permissions, format or passphrase.',
  ssh_known_hosts_unusable: 'The known_hosts file could not be read or written.',
} as const;

export type ErrorCode = keyof typeof errorCodes;
