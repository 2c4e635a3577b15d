import { z } from 'zod';
import { until } from '../until.ts';
import { httpJson } from './http.ts';

/** The management token of a server with ACLs on: `known` while the server knows it, else the one that bootstrapping makes. */
export async function managementToken(url: string, known: string | undefined): Promise<string> {
  if (known !== undefined && (await isKnown(url, known))) return known;
  return await until(async () => {
    const answer = await httpJson(`${url}/v1/acl/bootstrap`, { method: 'PUT' });
    return z.object({ SecretID: z.string() }).parse(answer).SecretID;
  });
}

// 403 is the answer for a token that was never heard of; anything else may still become a yes.
async function isKnown(url: string, token: string): Promise<boolean> {
  const status = await until(async () => {
    const answer = await fetch(`${url}/v1/acl/token/self`, { headers: { 'X-Consul-Token': token } });
    await answer.text();
    return answer.status === 200 || answer.status === 403 ? answer.status : undefined;
  });
  return status === 200;
}
