import { randomBytes } from 'node:crypto';

import { kubectl, type CommandOptions } from './command';

/** A namespace of a test's own. */
export interface Namespace {
  readonly name: string;
  /** `kubectl` in this namespace. */
  readonly kubectl: (args: readonly string[], options?: CommandOptions) => Promise<string>;
  /** Objects as the API has them, by `kubectl get`. */
  readonly get: <T>(args: readonly string[]) => Promise<T>;
  /** Makes objects; secrets among them reach `kubectl` through its standard input only. */
  readonly create: (...objects: readonly object[]) => Promise<void>;
  /** Deletes it and all that is in it, and waits for the end. */
  readonly remove: () => Promise<void>;
}

/** Longest time for the pods of a namespace to go, and for the rest of it. Milliseconds. */
const removalMs = 120_000;

const bound = `--timeout=${removalMs / 1000}s`;

/**
 * Makes a namespace with a name that nobody else has.
 *
 * @param level of the Pod Security Standards, enforced, and warned of: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export async function createNamespace(purpose: string, level: 'restricted' | 'privileged'): Promise<Namespace> {
  const name = `keyspace-${purpose}-${randomBytes(3).toString('hex')}`;
  const inside: Namespace['kubectl'] = (args, options) => kubectl(['--namespace', name, ...args], options);
  const create = async (...items: readonly object[]): Promise<void> => {
    await inside(['create', '--filename=-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  };
  const labels = { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/warn': level };
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  return {
    name,
    kubectl: inside,
    get: async <T>(args: readonly string[]) => JSON.parse(await inside(['get', '--output=json', ...args])) as T,
    create,
    async remove() {
      // Pods first: where they outlive the first pass of a namespace's deletion, the next one comes when half of their grace period is over.
      const boundMs = removalMs + 5000;
      await inside(['delete', 'statefulsets,pods', '--all', bound], { boundMs });
      await kubectl(['delete', 'namespace', name, bound], { boundMs });
    },
  };
}
