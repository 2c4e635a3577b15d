import { z } from 'zod';
import { durationPattern, formatDuration, parseDurationMs } from '../duration.ts';
import { isHost } from '../node-address.ts';
import { notYet } from './not-yet.ts';

// Each field's error says what was expected; describe-issue.ts puts it into a sentence with what came.

/** The longest in whole hours that timers of this platform can wait (2^31 - 1 ms). */
export const longestMs = 596 * 3_600_000;

/** A mapping with these keys and no others. */
export function section<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, 'a mapping');
}

export function wholeNumber(min: number, max: number, what = 'a whole number'): z.ZodInt {
  const expected = `${what} from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
}

export const portNumber = wholeNumber(1, 65_535, 'a port number');

export const flag = z.boolean('true or false');

/** One of `names`; messages offer those that this version serves of the key. */
export function choice<const Names extends readonly [string, ...string[]]>(names: Names, key?: string) {
  const refused = notYet.find((feature) => feature.key === key)?.refused;
  return z.enum(names, oneOf(names.filter((name) => refused?.test(name) !== true)));
}

function oneOf(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** Text on one line, not empty. */
export function line(expected: string): z.ZodString {
  return z.string(expected).regex(/^[^\p{Cc}]+$/u, expected);
}

function path(what: string): z.ZodString {
  const expected = `the path of a ${what} (absolute, from this file's folder, or ~/..)`;
  return z.string(expected).regex(/^(?!~[^/])[^\p{Cc}]+$/u, expected);
}

export const filePath = path('file');

export const folderPath = path('folder');

/** A duration's text, read as milliseconds. */
export function duration(minMs: number) {
  const least = minMs > 0 ? `, at least ${formatDuration(minMs)}` : '';
  const expected = `a duration with its unit such as 500ms, 10s, 5m or 1h30m${least}`;
  return z
    .string(expected)
    .regex(durationPattern, expected)
    .transform((text) => parseDurationMs(text) ?? Number.NaN)
    .refine((ms) => ms >= minMs, expected)
    .refine((ms) => ms <= longestMs, `a duration of at most ${formatDuration(longestMs)}`);
}

const hostExpected = 'a host name or an IP address (no scheme, no user, no port)';

export const hostField = z.string(hostExpected).refine(isHost, hostExpected);

const lockExpected =
  'the key of the lock: letters, digits, `.`, `_` and `-`, with `/` between its parts, at most 200 characters';

/** A key in Consul that needs no escaping and cannot leave its place. */
export const lockKeyField = z
  .string(lockExpected)
  .max(200, lockExpected)
  .regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/, lockExpected);

const userExpected = 'a user name (letters, digits, `.`, `_` and `-`, not `-` first)';

export const userField = z.string(userExpected).regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/, userExpected);
