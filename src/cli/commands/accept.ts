import type { Command } from 'commander';
import { z } from 'zod';
import { loadSettings } from '../../config/load-settings.ts';
import { printable } from '../../runtime/printable.ts';
import { controllerUrl } from '../controller-api/controller-url.ts';
import { postToController } from '../controller-api/post-to-controller.ts';
import { type ControllerFlags, withControllerFlags } from '../flags.ts';
import { counted, printProblems } from '../output.ts';

/** `accept JOB`: lets through what the guard of a running controller holds. Resolves with the exit status. */
export function acceptCommand(command: Command, finish: (status: number) => void): void {
  withControllerFlags(command)
    .description('lets through what the guard holds, by the API of a running controller')
    .argument('<job>', 'the job whose answer is held')
    .action(async (job: string, flags: ControllerFlags) => finish(await accept(job, flags)));
}

const acceptedForm = z.object({ kept: z.number(), came: z.number() });

async function accept(job: string, flags: ControllerFlags): Promise<number> {
  const base = flags.url ?? (await urlOfConfig(flags['config.file']));
  if (base === undefined) return 1;
  const answer = await postToController(base, `api/v1/jobs/${encodeURIComponent(job)}/accept`);
  if (!answer.ok) return refused(answer.message);
  const { success, data } = acceptedForm.safeParse(answer.data);
  if (!success) return refused(`expected the numbers of targets from ${base.href}, got another answer`);
  console.log(`${printable(job)}: accepted, from ${data.kept} to ${counted(data.came, 'target')}`);
  return 0;
}

/** From the configuration; where that does not say it, it says why on standard error. */
async function urlOfConfig(file: string): Promise<URL | undefined> {
  const config = await loadSettings(file, process.env);
  if (!config.ok) {
    printProblems(config.problems);
    return undefined;
  }
  const url = controllerUrl(config.settings.http);
  if (url === undefined) refused(`${file} has http.port 0, which is any free port: say where with --url`);
  return url;
}

function refused(message: string): number {
  console.error(`prome-shard: ${printable(message)}`);
  return 1;
}
