import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { ShardError } from '../../model/errors.ts';
import { ansibleDir } from './ansible-environment.ts';

/** The playbook that comes with this program, for jobs that name none. */
export const defaultPlaybook = join(ansibleDir, 'copy_file_and_reload_prome.yaml');

/** The playbook without symbolic links, and its folder, where ansible.cfg is looked for. */
export async function findPlaybook(
  named: string,
): Promise<{ readonly playbook: string; readonly cwd: string }> {
  try {
    const playbook = await realpath(named);
    await access(playbook, constants.R_OK);
    return { playbook, cwd: dirname(playbook) };
  } catch (error) {
    throw new ShardError(
      'ansible_playbook_missing',
      `the playbook ${named} cannot be read: correct yaml_path, or leave it out to run ${defaultPlaybook}`,
      { cause: error },
    );
  }
}

/**
 * How a playbook in `folder` names `file`. prome_shard's playbooks say `src: './{{ src_sd_file_name }}'`, which Ansible
 * looks up from the playbook's folder: a way up and down again needs no copy of the file in there.
 */
export function nameFrom(folder: string, file: string): string {
  return relative(folder, file);
}
