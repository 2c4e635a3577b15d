import { z } from 'zod';
import { networkMessage } from '../../registry/network-message.ts';

/** What the controller said, or why it could not be asked. */
export type ControllerAnswer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly message: string };

const timeLimitMs = 10_000;

const answerForm = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success'), data: z.unknown() }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** Has the controller at `base` do something; `path` has no slash before it. */
export async function postToController(base: URL, path: string): Promise<ControllerAnswer> {
  const url = new URL(path, base.href.endsWith('/') ? base : `${base.href}/`);
  try {
    // What is redirected went to something else than a controller.
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeLimitMs),
    });
    return read(await response.text(), response.status, url);
  } catch (error) {
    return { ok: false, message: `no controller answers at ${base.href}: ${reasonOf(error)}` };
  }
}

function read(text: string, status: number, url: URL): ControllerAnswer {
  const { success, data: answer } = answerForm.safeParse(parsed(text));
  if (!success) {
    const came = `status ${status}, ${JSON.stringify(text.slice(0, 80))}`;
    return { ok: false, message: `expected an answer of prome-shard's API from ${url.href}, got ${came}` };
  }
  if (answer.status === 'success') return { ok: true, data: answer.data };
  return { ok: false, message: answer.error };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of a failed fetch the cause says what happened. */
function reasonOf(error: unknown): string {
  return networkMessage(error instanceof Error && error.cause instanceof Error ? error.cause : error);
}
