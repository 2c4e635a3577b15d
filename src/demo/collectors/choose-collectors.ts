import { ShardError } from '../../model/errors.ts';
import { findPrometheus } from './find-prometheus.ts';
import { type CollectorKind, type CollectorKindName, kindText } from './kind.ts';
import { type CollectorsOptions, type StartedCollectors, startCollectors } from './start-collectors.ts';

export interface ChosenCollectors extends Extract<StartedCollectors, { ok: true }> {
  readonly kind: CollectorKind;
}

const builtin: CollectorKind = { type: 'builtin' };

/** Starts collectors of the wanted kind; with no wish, the demo's own where Prometheus is missing or does not start. */
export async function chooseCollectors(
  wish: {
    readonly collector?: CollectorKindName;
    readonly searchPath: string;
    readonly note: (text: string) => void;
  },
  options: Omit<CollectorsOptions, 'kind'>,
  signal: AbortSignal,
): Promise<ChosenCollectors> {
  const failures: string[] = [];
  for (const kind of await kindsToTry(wish.collector, wish.searchPath)) {
    if (failures.length > 0) wish.note(`${failures.at(-1)}; trying ${kindText(kind)}`);
    const started = await startCollectors({ ...options, kind }, signal);
    if (started.ok) return { ...started, kind };
    failures.push(`${kindText(kind)} did not start: ${started.message}`);
  }
  throw new ShardError(
    'demo_no_collectors',
    `expected ${options.ports.length} collectors to start; ${failures.join('; ')}`,
  );
}

async function kindsToTry(
  wanted: CollectorKindName | undefined,
  searchPath: string,
): Promise<readonly CollectorKind[]> {
  if (wanted === 'builtin') return [builtin];
  const program = await findPrometheus(searchPath);
  if (program === undefined && wanted === 'prometheus') {
    const message =
      'expected a program called prometheus on PATH, found none: install it, or leave --collector away';
    throw new ShardError('demo_no_collectors', message);
  }
  const found: readonly CollectorKind[] = program === undefined ? [] : [{ type: 'prometheus', program }];
  return wanted === undefined ? [...found, builtin] : found;
}
