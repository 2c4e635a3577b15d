import { expect, test } from 'vitest';
import { createMetrics } from '../../src/runtime/metrics.ts';

test('a registry begins with what runs, its process and Node, and nothing that is named like what it is not', async () => {
  const text = await createMetrics('1.2.3').metrics();
  expect(text).toContain(`prome_shard_build_info{version="1.2.3",node="${process.version}"} 1\n`);
  expect(text).toMatch(/^process_start_time_seconds \d/m);
  expect(text).toMatch(/^nodejs_heap_size_used_bytes \d/m);
  for (const [, name] of text.matchAll(/^# TYPE (\S+) gauge$/gm)) expect(name).not.toMatch(/_total$/);
});

test('two registries know nothing of each other', () => {
  expect(() => [createMetrics('1'), createMetrics('2')]).not.toThrow();
});
