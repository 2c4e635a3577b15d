import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const privateFolder = '/run/sshd';

/**
 * What an sshd that root starts asks of the system: the folder /run/sshd (made here, as its package does at boot) and a user `sshd`.
 * Where that user is missing, nss_wrapper shows sshd a list of users with it; the system's own stays as it is.
 */
export async function privilegeSeparation(
  folder: string,
  nssWrapper: string | undefined,
): Promise<Record<string, string>> {
  if (process.getuid?.() !== 0) return {};
  await mkdir(privateFolder, { recursive: true });
  await chmod(privateFolder, 0o755);
  const users = await readFile('/etc/passwd', 'utf8');
  if (/^sshd:/m.test(users)) return {};
  if (nssWrapper === undefined) {
    throw new Error(
      'sshd as root needs a user `sshd`, and there is none: make it, or run the tests as a plain user',
    );
  }
  const passwd = join(folder, 'passwd');
  await writeFile(passwd, `${users.trimEnd()}\nsshd:x:65533:65534:sshd:${privateFolder}:/usr/sbin/nologin\n`);
  return { LD_PRELOAD: nssWrapper, NSS_WRAPPER_PASSWD: passwd, NSS_WRAPPER_GROUP: '/etc/group' };
}
