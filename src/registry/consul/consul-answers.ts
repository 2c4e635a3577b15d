import { z } from 'zod';
import { ShardError } from '../../model/errors.ts';

const meta = z.record(z.string(), z.string()).nullish();

const check = z.object({
  CheckID: z.string(),
  Status: z.string(),
  Output: z.string().default(''),
  Notes: z.string().default(''),
  ServiceID: z.string().default(''),
  Type: z.string().default(''),
});

const service = z.object({
  ID: z.string(),
  Service: z.string(),
  Address: z.string(),
  Port: z.int(),
  Meta: meta,
});

const entry = z.object({
  Node: z.object({ Node: z.string(), Address: z.string() }),
  Service: service,
  Checks: z.array(check).nullable(),
});

const entries = z.array(entry);
const services = z.record(z.string(), service);
const checks = z.record(z.string(), check);
const headers = z.object({
  'x-consul-index': z.string().regex(/^\d{1,20}$/, 'expected a number'),
  'x-consul-knownleader': z.string().optional(),
  'x-consul-lastcontact': z.string().optional(),
});

type Deep<T> = { readonly [K in keyof T]: T[K] extends object ? Deep<T[K]> : T[K] };
export type ConsulCheck = Deep<z.infer<typeof check>>;
/** A service as its agent holds it. */
export type ConsulService = Deep<z.infer<typeof service>>;
/** One instance of a service with the checks of itself and of its node. */
export type ConsulEntry = Deep<z.infer<typeof entry>>;

/** An answer to a blocking query on the health of a service. */
export interface ServiceAnswer {
  readonly index: bigint;
  readonly entries: readonly ConsulEntry[];
}

/** How long ago the answering server may have heard of its leader, in milliseconds, before it is not believed. */
const lastContactLimitMs = 30_000;

/** Body and headers of `/v1/health/service/<name>`; not believed without a leader. */
export function parseServiceAnswer(head: unknown, body: unknown): ServiceAnswer {
  const index = parseIndex(head, '/v1/health/service');
  return { index, entries: parseAnswer(entries, body, '/v1/health/service') };
}

/** The index of an answer, from its headers; not believed without a leader. */
export function parseIndex(head: unknown, where: string): bigint {
  const known = parseAnswer(headers, head, `the headers of ${where}`);
  const silentMs = Number(known['x-consul-lastcontact'] ?? 0);
  if (known['x-consul-knownleader'] === 'false' || silentMs > lastContactLimitMs) {
    throw new ShardError('consul_no_leader', noLeader(silentMs), { retryable: true });
  }
  return BigInt(known['x-consul-index']);
}

/** Body of `/v1/agent/services`: the services of this agent by id. */
export function parseServices(body: unknown): ReadonlyMap<string, ConsulService> {
  return new Map(Object.entries(parseAnswer(services, body, '/v1/agent/services')));
}

/** Body of `/v1/agent/checks`: the checks of this agent. */
export function parseChecks(body: unknown): readonly ConsulCheck[] {
  return Object.values(parseAnswer(checks, body, '/v1/agent/checks'));
}

/** What an answer holds; a ShardError that says where it has another shape. */
export function parseAnswer<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined ? '' : ` at ${issue.path.join('.') || 'its root'}: ${issue.message}`;
  throw new ShardError('consul_answer_invalid', `Consul's answer to ${where} has another shape${place}`, {
    retryable: true,
  });
}

function noLeader(silentMs: number): string {
  return `the Consul server that answered knows no leader (last contact ${silentMs} ms ago); its answer is not believed`;
}
