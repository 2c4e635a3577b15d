/** A program that tests run. */
export type Program =
  | 'consul'
  | 'prometheus'
  | 'promtool'
  | 'sshd'
  | 'sftp-server'
  | 'ssh'
  | 'ssh-keygen'
  | 'openssl'
  | 'ansible'
  | 'ansible-playbook'
  | 'python3'
  | 'visudo'
  | 'faketime';

/** How to tell that a program is there and fit for the tests: run it, and look for this in what it says. */
export interface Probe {
  readonly args: readonly string[];
  readonly says: RegExp;
}

/** Programs that are used together, and the packages that hold them. */
export interface Bundle {
  readonly name: string;
  readonly programs: { readonly [P in Program]?: BundledProgram };
  readonly packages: readonly string[];
  /** Which packages of the whole dependency tree are unpacked. */
  readonly keep: RegExp;
  readonly drop?: RegExp;
  /** Release names to try in this order, by distribution; `own` is the machine's. */
  readonly suites: { readonly Debian: readonly string[]; readonly Ubuntu: readonly string[] };
  /** For people on other systems. */
  readonly advice: string;
}

interface BundledProgram {
  /** Inside the unpacked packages. */
  readonly path: string;
  /** Run by this other program of the bundle. */
  readonly runBy?: string;
  readonly probe: Probe;
}

const libraries = /^lib/;
// The machine has these, in the versions that its own programs need.
const systemLibraries = /^(libc6|libc-bin|libgcc-s1)$|perl|^python3-lib2to3$/;

export const bundles: readonly Bundle[] = [
  {
    name: 'consul',
    programs: {
      consul: { path: 'usr/bin/consul', probe: { args: ['version'], says: /Consul v?1\./ } },
    },
    packages: ['consul'],
    keep: /^consul$/,
    suites: { Debian: ['bullseye'], Ubuntu: ['jammy', 'focal'] },
    advice: 'Consul 1.8 or later',
  },
  {
    name: 'prometheus',
    programs: {
      prometheus: { path: 'usr/bin/prometheus', probe: { args: ['--version'], says: /version [23]\./ } },
      promtool: { path: 'usr/bin/promtool', probe: { args: ['--version'], says: /version [23]\./ } },
    },
    packages: ['prometheus'],
    keep: /^(prometheus|promtool)$/,
    suites: { Debian: ['sid', 'trixie', 'bookworm'], Ubuntu: ['own', 'noble', 'jammy'] },
    advice: 'Prometheus 2 or 3 with promtool',
  },
  {
    name: 'openssh',
    programs: {
      sshd: { path: 'usr/sbin/sshd', probe: { args: ['-?'], says: /OpenSSH_/ } },
      'sftp-server': {
        path: 'usr/lib/openssh/sftp-server',
        probe: { args: ['-h'], says: /usage: .*sftp-server/ },
      },
      ssh: { path: 'usr/bin/ssh', probe: { args: ['-V'], says: /OpenSSH_/ } },
      'ssh-keygen': { path: 'usr/bin/ssh-keygen', probe: { args: ['-?'], says: /usage: ssh-keygen/ } },
    },
    packages: ['openssh-server', 'openssh-sftp-server', 'openssh-client', 'libnss-wrapper'],
    keep: new RegExp(`^openssh-|${libraries.source}`),
    drop: systemLibraries,
    suites: { Debian: ['bookworm', 'own'], Ubuntu: ['own', 'jammy'] },
    advice: 'OpenSSH server, client and sftp-server',
  },
  {
    name: 'openssl',
    programs: {
      openssl: { path: 'usr/bin/openssl', probe: { args: ['version'], says: /OpenSSL [1-9]/ } },
    },
    packages: ['openssl'],
    keep: /^(openssl|libssl)/,
    suites: { Debian: ['bookworm', 'own'], Ubuntu: ['own', 'jammy'] },
    advice: 'OpenSSL',
  },
  {
    name: 'ansible',
    programs: {
      python3: { path: 'usr/bin/python3', probe: { args: ['--version'], says: /Python 3\.([89]|\d\d)/ } },
      ansible: {
        path: 'usr/bin/ansible',
        runBy: 'usr/bin/python3',
        probe: { args: ['--version'], says: /ansible \[core 2\./ },
      },
      'ansible-playbook': {
        path: 'usr/bin/ansible-playbook',
        runBy: 'usr/bin/python3',
        probe: { args: ['--version'], says: /ansible-playbook \[core 2\./ },
      },
    },
    packages: ['ansible-core'],
    keep: new RegExp(`^(ansible|python3|media-types)|${libraries.source}`),
    drop: systemLibraries,
    suites: { Debian: ['bookworm', 'own'], Ubuntu: ['own', 'jammy'] },
    advice: 'ansible-core 2.11 or later, with Python 3.8 or later',
  },
  {
    name: 'sudo',
    programs: {
      visudo: { path: 'usr/sbin/visudo', probe: { args: ['-V'], says: /visudo version/ } },
    },
    packages: ['sudo'],
    keep: new RegExp(`^sudo$|${libraries.source}`),
    drop: systemLibraries,
    suites: { Debian: ['bookworm', 'own'], Ubuntu: ['own', 'jammy'] },
    advice: 'sudo, for its visudo',
  },
  {
    name: 'faketime',
    programs: {
      faketime: { path: 'usr/bin/faketime', probe: { args: ['--version'], says: /faketime: Version 0\.9/ } },
    },
    packages: ['faketime', 'libfaketime'],
    keep: /faketime$/,
    suites: { Debian: ['bookworm', 'own'], Ubuntu: ['own', 'jammy'] },
    advice: 'libfaketime 0.9, with its program faketime',
  },
];
