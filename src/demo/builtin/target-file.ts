import { readFile } from 'node:fs/promises';
import { decodeFile } from '../../delivery/decode-file.ts';
import { messageOf } from '../../model/errors.ts';
import { jobLabel, type TargetGroup } from '../../model/target-group.ts';

/** What the file says to scrape. `bad`: it cannot be read as file_sd, and what was scraped goes on. */
export type FileAnswer =
  | { readonly state: 'groups'; readonly groups: readonly TargetGroup[] }
  | { readonly state: 'bad'; readonly message: string };

/** Reads a file_sd file as Prometheus does: a file that is not there lists nothing. Never rejects. */
export async function readTargetFile(file: string): Promise<FileAnswer> {
  try {
    return decoded(await readFile(file));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { state: 'groups', groups: [] };
    return { state: 'bad', message: messageOf(error) };
  }
}

function decoded(bytes: Buffer): FileAnswer {
  const answer = decodeFile(bytes);
  if (!answer.ok) return { state: 'bad', message: answer.message };
  const groups = [...answer.groupsByJob].flatMap(([job, list]) =>
    list.map(({ targets, labels }) => ({ targets, labels: { ...labels, [jobLabel]: job } })),
  );
  return { state: 'groups', groups };
}
