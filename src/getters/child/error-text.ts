import { hidePasswords } from '../../model/hide-passwords.ts';
import type { ThrownReport } from '../wire.ts';

const longest = 4000;

/** What a thrown value says, with its causes, and where it was made. Never throws itself, whatever was thrown. */
export function thrownReport(thrown: unknown): ThrownReport {
  try {
    return {
      text: hidePasswords(textOf(thrown, 0).slice(0, longest)),
      stack: hidePasswords(stackOf(thrown, 0).slice(0, 4 * longest)),
    };
  } catch {
    return { text: 'a value that cannot be shown', stack: '' };
  }
}

function textOf(thrown: unknown, depth: number): string {
  if (!(thrown instanceof Error)) return `${String(thrown)} (${typeof thrown}, expected an Error)`;
  const own = thrown.message === '' ? thrown.name : `${thrown.name}: ${thrown.message}`;
  const inner = thrown instanceof AggregateError ? thrown.errors[0] : thrown.cause;
  return inner instanceof Error && depth < 5 ? `${own}: ${textOf(inner, depth + 1)}` : own;
}

function stackOf(thrown: unknown, depth: number): string {
  if (!(thrown instanceof Error)) return '';
  const own = String(thrown.stack);
  return depth < 5 && thrown.cause instanceof Error ? `${own}\n${stackOf(thrown.cause, depth + 1)}` : own;
}
