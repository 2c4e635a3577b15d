import { expect, test } from 'vitest';
import { createChildListener } from '../../src/getters/child-listener.ts';
import { createLogger } from '../../src/runtime/logger.ts';

test('no field of a getter takes the place of what a line of log has anyway, nor makes it go', () => {
  const lines: unknown[] = [];
  const log = createLogger('info', 'json', (line) => lines.push(JSON.parse(line)));
  const request = { method: 'GET', headers: {}, socket: { remoteAddress: 'x' } };
  const fields = { ...request, job: 'another', level: 'mine', time: 'never', count: 3 };
  createChildListener(log, 'own').log({ level: 'info', message: 'it says', fields });
  expect(lines).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-/),
      msg: 'it says',
      job: 'own',
      method: 'GET',
      headers: {},
      getter_socket: { remoteAddress: 'x' },
      getter_job: 'another',
      getter_level: 'mine',
      getter_time: 'never',
      count: 3,
    },
  ]);
});
