import { ShardError } from '../model/errors.ts';
import type { Place } from './transport.ts';

/** The path of a place whose transport cannot do without one. */
export function requiredPath(place: Place): string {
  if (place.path !== undefined) return place.path;
  throw new ShardError(
    'delivery_place_invalid',
    `job ${place.job}: delivery of type ${place.spec.type} expected a dir, got none`,
  );
}
