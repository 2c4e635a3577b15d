import type { ShardError } from './errors.ts';

/** What came of putting one file on one collector. A failure is a value; only bugs throw. */
export type DeliveryResult =
  | { readonly result: 'delivered'; readonly bytes: number; readonly reloaded: boolean }
  | { readonly result: 'unchanged' }
  | { readonly result: 'failed'; readonly step: DeliveryStep; readonly error: ShardError };

export type DeliveryStep = 'read' | 'write' | 'reload';
