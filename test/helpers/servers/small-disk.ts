export interface SmallDisk {
  /** An existing folder. */
  readonly dir: string;
  readonly sizeBytes: number;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
}

const script = `mount -t tmpfs -o "size=$1,mode=0755" tmpfs "$2" || exit 1
shift 2
exec setpriv --pdeathsig KILL -- "$@"`;

/**
 * The command, run where `dir` is a file system of its own that nobody else sees. It asks for a mount namespace: as root, or as a plain
 * user where the system lets plain users have namespaces.
 */
export function onSmallDisk({ command, args }: Command, { dir, sizeBytes }: SmallDisk): Command {
  const asUser = process.getuid?.() === 0 ? [] : ['--map-current-user', '--keep-caps'];
  return {
    command: 'unshare',
    args: [...asUser, '--mount', 'sh', '-c', script, 'sh', String(sizeBytes), dir, command, ...args],
  };
}
