import type { Collector } from '../../src/model/collector.ts';
import type { Health, Sighting } from '../../src/registry/sighting.ts';

export const collector = (name: string, more: Partial<Collector> = {}): Collector => ({
  ...{ name, host: name, port: 9090, zone: '', weight: 1 },
  ...more,
});

const healths: Readonly<Record<string, Health>> = {
  ok: { state: 'passing' },
  bad: { state: 'failing', reason: 'refused' },
  new: { state: 'untried', waitsFor: 'check', reason: 'its check has not run yet' },
  gone: { state: 'untried', waitsFor: 'registration', reason: 'not registered yet' },
  lost: { state: 'failing', reason: 'not registered yet, after 3 s', missing: true },
};

/** Sightings from a line as `a=ok b=bad c=new d=gone e=lost`. */
export function sightings(line: string): readonly Sighting[] {
  return line.split(' ').flatMap((part) => {
    const [name = '', kind = ''] = part.split('=');
    const health = healths[kind];
    return health === undefined ? [] : [{ collector: collector(name), health }];
  });
}
