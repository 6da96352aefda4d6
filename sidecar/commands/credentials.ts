import { randomBytes } from 'node:crypto';

import { hasStatus } from '../kube/api-error';
import { createKubeClient, inClusterServer, type KubeClient } from '../kube/client';

/** Which value of which Secret. */
export interface CredentialsOptions {
  readonly secret: string;
  readonly key: string;
}

/** Nobody's guess, and without a character that a shell, an address or a configuration file would read. */
const makePassword = (): string => randomBytes(32).toString('base64url');

/**
 * Puts a password into a Secret that has none under the key. One that is there stays, so that this may run any number of
 * times, and twice at once: the Secret is changed only as it was read.
 *
 * @returns whether a password was made
 */
export async function fillSecret(
  client: Pick<KubeClient, 'get' | 'patch'>,
  namespace: string,
  { secret, key }: CredentialsOptions,
): Promise<boolean> {
  const path = `/api/v1/namespaces/${namespace}/secrets/${secret}`;
  const found = (await client.get(path)) as {
    readonly metadata: { readonly resourceVersion: string };
    readonly data?: Readonly<Record<string, string>>;
  };
  if (found.data?.[key]) return false;
  const { resourceVersion } = found.metadata;
  const data = { [key]: Buffer.from(makePassword()).toString('base64') };
  try {
    await client.patch(path, { metadata: { resourceVersion }, data });
    return true;
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    return fillSecret(client, namespace, { secret, key });
  }
}

/** Makes the password of a database whose spec names no Secret: run once, by a Job. Never prints it. */
export async function makeCredentials(env: NodeJS.ProcessEnv, options: CredentialsOptions): Promise<void> {
  const namespace = env.POD_NAMESPACE;
  if (!namespace) throw new Error('POD_NAMESPACE is not set; it names the namespace of the Secret');
  const client = createKubeClient(inClusterServer(env));
  try {
    const made = await fillSecret(client, namespace, options);
    const where = `Secret ${namespace}/${options.secret} under "${options.key}"`;
    process.stdout.write(made ? `made a password in ${where}\n` : `there is a password in ${where}\n`);
  } finally {
    client.close();
  }
}
