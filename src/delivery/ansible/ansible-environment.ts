import { join } from 'node:path';
import { packageFile } from '../../config/package-info.ts';
import { withoutConsulAccess } from '../../runtime/without-consul-access.ts';

/** A Unix socket's path may have some 104 bytes, and ssh adds up to 27 to that of the folder. */
const longestSocketFolder = 75;

/** The folder of the playbooks and the callback plugin that come with this program. */
export const ansibleDir = packageFile('ansible');

/** The environment of one run of ansible-playbook whose private folder is `folder`. */
export function ansibleEnvironment(
  own: NodeJS.ProcessEnv,
  folder: string,
  options: { readonly agent: boolean; readonly content: boolean },
): NodeJS.ProcessEnv {
  const { SSH_AUTH_SOCK: agentSocket, ...inherited } = withoutConsulAccess(own);
  return {
    ANSIBLE_PIPELINING: '1',
    ...inherited,
    ...(options.agent && agentSocket !== undefined ? { SSH_AUTH_SOCK: agentSocket } : {}),
    ...localeOf(own),
    ...connectionSharing(join(folder, 'cp')),
    ANSIBLE_NOCOLOR: '1',
    ANSIBLE_FORCE_COLOR: '0',
    ANSIBLE_HOST_KEY_CHECKING: 'True',
    ANSIBLE_INVENTORY_ENABLED: 'yaml',
    ANSIBLE_RETRY_FILES_ENABLED: '0',
    ANSIBLE_LOCAL_TEMP: join(folder, 'tmp'),
    ANSIBLE_CALLBACK_PLUGINS: [join(ansibleDir, 'plugins'), own['ANSIBLE_CALLBACK_PLUGINS'] ?? []]
      .flat()
      .join(':'),
    PROME_SHARD_RESULT_FILE: join(folder, 'result'),
    PROME_SHARD_RESULT_CONTENT: options.content ? '1' : '',
  };
}

/** Ansible refuses to start where the locale is not UTF-8, as under many service managers. */
function localeOf(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const locale = own['LC_ALL'] || own['LC_CTYPE'] || own['LANG'] || '';
  return /utf-?8/i.test(locale) ? {} : { LC_ALL: 'C.UTF-8' };
}

/** The tasks of one run share a connection, whose sockets lie where we find them to end it. */
function connectionSharing(socketFolder: string): NodeJS.ProcessEnv {
  return Buffer.byteLength(socketFolder) > longestSocketFolder
    ? { ANSIBLE_SSH_ARGS: '-o ControlMaster=no' }
    : { ANSIBLE_SSH_CONTROL_PATH_DIR: socketFolder };
}
