import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { AgentConfig, ExporterAccess } from '../../lib/contract/agent-config';
import { hashOf, type Account } from '../accounts/account';
import { readMemoryFile } from './memory-file';
import { locate } from './paths';
import { replaceFile } from './replace-file';

/**
 * What redis_exporter needs for the figures of a server: https://github.com/oliver006/redis_exporter#authenticating-with-redis
 * No keys, no CONFIG, which knows every password, and no SLOWLOG GET, which shows what clients have sent.
 */
const rights = ['+info', '+client|setname', '+cluster|info', '+latency|latest', '+latency|histogram', '+slowlog|len'];

/** The exporter's user. The password itself is not in it. */
export const exporterAccount = ({ user }: ExporterAccess, password: string): Account => ({
  name: user,
  rules: ['on', `#${hashOf(password)}`, 'resetchannels', '-@all', ...rights],
});

/**
 * The exporter's password: made once in the life of a pod, kept in memory, known to nobody outside it, and so never rotated.
 * An exporter waits for the file before it starts.
 *
 * @returns undefined where there is no exporter, or it needs none
 */
export async function exporterPassword(home: string, { auth }: AgentConfig): Promise<string | undefined> {
  if (auth === 'off' || !auth.exporter) return undefined;
  const file = locate(home, auth.exporter.passwordsFile);
  const made = readMemoryFile(file);
  if (made !== undefined) return (JSON.parse(made) as Record<string, string>)[auth.exporter.address]!;
  const password = randomBytes(32).toString('base64url');
  await mkdir(dirname(file), { recursive: true });
  await replaceFile(file, renderPasswords(auth.exporter, password));
  return password;
}

/** Exporters before 1.69 look for the address alone, later ones for the user as well. */
function renderPasswords({ address, user }: ExporterAccess, password: string): string {
  const [scheme, place] = address.split('://');
  return JSON.stringify({ [address]: password, [`${scheme!}://${user}@${place!}`]: password }) + '\n';
}
