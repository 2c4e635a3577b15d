import { messageOf } from '../../model/errors.ts';
import { systemClock } from '../../runtime/clock.ts';
import { parseBuiltinOptions } from './builtin-options.ts';
import { startBuiltinCollector } from './start-builtin-collector.ts';

// A process of its own, so that it can be killed: `node main.js '{"name":..,"port":..,"file":..,"intervalMs":..}'`.
try {
  const options = parseBuiltinOptions(process.argv[2] ?? '');
  await startBuiltinCollector(options, { clock: systemClock, random: Math.random });
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
