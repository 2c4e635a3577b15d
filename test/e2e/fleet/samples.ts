import { z } from 'zod';
import { firstSample, type SampleTimes } from '../../helpers/gaps.ts';
import { httpJson } from '../../helpers/servers/http.ts';
import type { Prometheus } from '../../helpers/servers/prometheus.ts';
import { until } from '../../helpers/until.ts';

const answer = z.object({
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.object({ instance: z.string() }),
        values: z.array(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
});

/** The good scrapes that a Prometheus has stored since `from` (milliseconds since the epoch): its samples of `up` that are 1. */
export async function storedSamples(prometheus: Prometheus, from: number): Promise<SampleTimes> {
  const now = Date.now();
  const query = `up{job="shard"}[${Math.max(1, now - from)}ms]`;
  const url = `${prometheus.url}/api/v1/query?${new URLSearchParams({ query, time: String(now / 1000) })}`;
  const { data } = answer.parse(await httpJson(url, { timeoutMs: 10_000 }));
  const times = new Map<string, number[]>();
  for (const { metric, values } of data.result) {
    const good = values.filter(([, value]) => value === '1').map(([seconds]) => Math.round(seconds * 1000));
    times.set(metric.instance, [...(times.get(metric.instance) ?? []), ...good]);
  }
  // Labels that changed make two series of one target.
  for (const list of times.values()) list.sort((some, other) => some - other);
  return times;
}

/** What each of these servers has stored since `from`. */
export async function samplesOf(servers: readonly Prometheus[], from: number): Promise<SampleTimes[]> {
  return await Promise.all(servers.map((server) => storedSamples(server, from)));
}

/** Resolves when each target has a sample of after `from`. */
export async function sampledSince(
  servers: readonly Prometheus[],
  targets: readonly string[],
  from: number,
): Promise<void> {
  await until(
    async () => {
      const samples = await samplesOf(servers, from);
      return targets.every((target) => firstSample(samples, target, from) !== undefined);
    },
    { within: 20_000, every: 250, what: 'every target is scraped' },
  );
}
