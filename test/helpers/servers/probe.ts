import type { Probe } from './bundles.ts';
import { runCommand } from './run-command.ts';

/** Why a program cannot be used; undefined when it can. */
export async function faultOf(program: string, { args, says }: Probe): Promise<string | undefined> {
  const { code, stdout, stderr } = await runCommand(program, args, { timeoutMs: 30_000 });
  const said = `${stdout}${stderr}`;
  if (code !== -1 && says.test(said)) return undefined;
  return `${program} ${args.join(' ')} was to say ${says}, but ended with ${code}: ${said.trim().slice(0, 300)}`;
}
