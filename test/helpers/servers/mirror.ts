/** Where a machine gets its packages from. */
export interface Mirror {
  readonly distribution: 'Debian' | 'Ubuntu';
  readonly uri: string;
  /** The machine's own release, such as `bookworm`. */
  readonly release: string;
}

/** What to ask `apt-get indextargets` for: one line a list that the machine has fetched. */
export const indexTargetsFormat = '$(ORIGIN) $(LABEL) $(CODENAME) $(REPO_URI)';

/** The distribution's own mirror, out of the lines of `apt-get indextargets`; security mirrors have other labels. */
export function mirrorFromIndexTargets(lines: string): Mirror | undefined {
  for (const line of lines.split('\n')) {
    const [origin, label, release = '', uri = ''] = line.trim().split(' ');
    if (origin !== label || (origin !== 'Debian' && origin !== 'Ubuntu')) continue;
    if (release !== '' && uri !== '') return { distribution: origin, uri, release };
  }
  return undefined;
}

/** The same out of the machine's source files, for a machine that never fetched a list. */
export function mirrorFromSources(
  sources: readonly string[],
  { distribution, release }: Omit<Mirror, 'uri'>,
): Mirror | undefined {
  const entries = sources.flatMap((text) => [...oneLineEntries(text), ...deb822Entries(text)]);
  const own = entries.find(({ suites }) => suites.includes(release));
  return own && { distribution, uri: own.uri, release };
}

interface Entry {
  readonly uri: string;
  readonly suites: readonly string[];
}

// deb [options] uri suite component..
function oneLineEntries(text: string): Entry[] {
  return [...text.matchAll(/^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+main\b/gm)].map(
    ([, uri = '', suite = '']) => ({ uri, suites: [suite] }),
  );
}

function deb822Entries(text: string): Entry[] {
  return text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .filter((stanza) => words(stanza, 'Types').includes('deb') && !words(stanza, 'Enabled').includes('no'))
    .filter((stanza) => words(stanza, 'Components').includes('main'))
    .map((stanza) => ({ uri: words(stanza, 'URIs')[0] ?? '', suites: words(stanza, 'Suites') }))
    .filter(({ uri }) => uri !== '');
}

function words(stanza: string, field: string): string[] {
  const match = new RegExp(`^${field}:((?:.*)(?:\\n[ \\t].*)*)`, 'im').exec(stanza);
  return match?.[1]?.split(/\s+/).filter((word) => word !== '') ?? [];
}

/** Distribution and release out of /etc/os-release; derivatives name the Ubuntu or Debian release that they build on. */
export function releaseFromOsRelease(text: string): Omit<Mirror, 'uri'> | undefined {
  const fields = new Map(
    [...text.matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const ubuntu = fields.get('UBUNTU_CODENAME');
  if (ubuntu !== undefined) return { distribution: 'Ubuntu', release: ubuntu };
  const debian = fields.get('DEBIAN_CODENAME') ?? fields.get('VERSION_CODENAME');
  const isDebian =
    fields.get('ID') === 'debian' || (fields.get('ID_LIKE') ?? '').split(' ').includes('debian');
  return isDebian && debian !== undefined ? { distribution: 'Debian', release: debian } : undefined;
}
