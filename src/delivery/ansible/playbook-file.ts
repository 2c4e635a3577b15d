import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { bundledPlaybook } from '../../config/resolve/resolve-delivery.ts';
import { ShardError } from '../../model/errors.ts';

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
      `the playbook ${named} cannot be read: correct yaml_path, or leave it out to run ${bundledPlaybook}`,
      { cause: error },
    );
  }
}

/** More folders than any path is deep; one level too many above the root is the root. */
const deepest = 32;

/**
 * How a playbook names the absolute path `file`. prome_shard's playbooks say `src: './{{ src_sd_file_name }}'`, and
 * Ansible looks that up in the playbook's folder, a role's, or an importing playbook's: a way up to the root and down
 * again leads to the file from all of them, and nothing is put into the user's folders.
 */
export function nameFromAnywhere(file: string): string {
  return `${'../'.repeat(deepest)}${file.replace(/^\/+/, '')}`;
}
