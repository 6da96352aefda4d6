import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { paths } from '../../../lib/contract/names';
import { podsOf } from '../../own-node';
import { layout } from '../layout';
import type { DatabasePlan } from '../manifests';
import type { SecretMount } from '../pod/plan';
import { makeCertificates } from './certificates';

/** Long enough to be nobody's guess. */
const passwordBytes = 24;

/** Content of Secrets, by name and key. */
export type Secrets = ReadonlyMap<string, Readonly<Record<string, string>>>;

/**
 * Every Secret that the pods mount. One that the manifests only refer to is made, once a root folder: random passwords,
 * certificates of an authority of our own.
 *
 * @throws Error where it is neither in the manifests nor known by key
 */
export async function gatherSecrets(root: string, plan: DatabasePlan): Promise<Secrets> {
  const gathered = new Map(plan.secrets);
  for (const mount of plan.pods.flatMap((pod) => pod.secrets)) {
    if (gathered.has(mount.secret)) continue;
    gathered.set(mount.secret, await makeSecret(layout.secret(root, mount.secret), plan, mount));
  }
  return gathered;
}

async function makeSecret(
  folder: string,
  { config }: DatabasePlan,
  mount: SecretMount,
): Promise<Record<string, string>> {
  if (mount.path === paths.tls) {
    return makeCertificates(
      folder,
      podsOf(config).map(({ host }) => host),
    );
  }
  if (!mount.items) {
    throw new Error(
      `Secret ${mount.secret} is not in the manifests, nor are its keys: add the Secret, or name the keys`,
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made: Record<string, string> = {};
  for (const { key } of mount.items) made[key] = await makePassword(join(folder, key));
  return made;
}

async function makePassword(file: string): Promise<string> {
  const known = await readFile(file, 'utf8').catch(() => '');
  if (known !== '') return known;
  const password = randomBytes(passwordBytes).toString('base64url');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
