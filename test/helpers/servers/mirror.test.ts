import { describe, expect, test } from 'vitest';
import { mirrorFromIndexTargets, mirrorFromSources, releaseFromOsRelease } from './mirror.ts';

describe('the mirror out of indextargets', () => {
  test.each([
    ['nothing where no list was ever fetched', '', undefined],
    [
      'the distribution, not its security mirror or others',
      'Debian Debian-Security bookworm-security http://sec.test/\n. . nodistro http://other.test/\nDebian Debian bookworm http://deb.test/debian/\n',
      { distribution: 'Debian', release: 'bookworm', uri: 'http://deb.test/debian/' },
    ],
    [
      'Ubuntu',
      'Ubuntu Ubuntu noble http://u.test/ubuntu/',
      { distribution: 'Ubuntu', release: 'noble', uri: 'http://u.test/ubuntu/' },
    ],
  ])('is %s', (_, lines, mirror) => {
    expect(mirrorFromIndexTargets(lines)).toEqual(mirror);
  });
});

const bookworm = { distribution: 'Debian', release: 'bookworm' } as const;

describe('the mirror out of source files', () => {
  test.each([
    ['a line', 'deb http://a.test/debian bookworm main contrib', 'http://a.test/debian'],
    [
      'a line with options',
      'deb [arch=amd64 signed-by=/k.gpg] http://a.test/debian bookworm main',
      'http://a.test/debian',
    ],
    [
      'a stanza',
      'Types: deb\nURIs: http://a.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
      'http://a.test/debian',
    ],
    [
      'a stanza after others, with comments and folded lines',
      '# first\nTypes: deb\nURIs: http://sec.test\nSuites: bookworm-security\nComponents: main\n\nTypes: deb deb-src\n# why\nURIs:\n http://a.test/debian\nSuites: bookworm\nComponents: main\n',
      'http://a.test/debian',
    ],
    ['no line that is commented out', '# deb http://a.test/debian bookworm main', undefined],
    ['no source packages', 'deb-src http://a.test/debian bookworm main', undefined],
    ['no other release', 'deb http://a.test/debian trixie main', undefined],
    ['no other vendor without main', 'deb http://a.test bookworm stable', undefined],
    [
      'no stanza that is switched off',
      'Enabled: no\nTypes: deb\nURIs: http://a.test\nSuites: bookworm\nComponents: main\n',
      undefined,
    ],
  ])('is found in %s', (_, text, uri) => {
    expect(mirrorFromSources(['', text], bookworm)).toEqual(uri && { ...bookworm, uri });
  });
});

describe('the release out of os-release', () => {
  test.each([
    ['Debian', 'ID=debian\nVERSION_CODENAME=bookworm\n', bookworm],
    [
      'Ubuntu',
      'ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nUBUNTU_CODENAME=noble\n',
      { distribution: 'Ubuntu', release: 'noble' },
    ],
    [
      'a child of Ubuntu',
      'ID=mint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\nUBUNTU_CODENAME=noble\n',
      { distribution: 'Ubuntu', release: 'noble' },
    ],
    [
      'a child of Debian',
      'ID=mint\nID_LIKE=debian\nVERSION_CODENAME=faye\nDEBIAN_CODENAME=bookworm\n',
      bookworm,
    ],
    ['neither', 'ID=fedora\nVERSION_CODENAME=""\n', undefined],
  ])('of %s', (_, text, release) => {
    expect(releaseFromOsRelease(text)).toEqual(release);
  });
});
