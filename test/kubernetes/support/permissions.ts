import type { Namespace } from './namespace';

/** Something that somebody may or may not do: `get pods/orders-shard-0-0`. */
export type Deed = `${string} ${string}`;

/**
 * Which of these a ServiceAccount of the namespace may do there, as the API server decides.
 *
 * @param deeds a verb, then `resource`, `resource/name` or `resource/name/subresource`, with `.group` after the resource
 */
export async function allowedDeeds(
  namespace: Namespace,
  serviceAccount: string,
  deeds: readonly Deed[],
): Promise<readonly Deed[]> {
  const user = `system:serviceaccount:${namespace.name}:${serviceAccount}`;
  const items = deeds.map((deed) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: { user, resourceAttributes: { namespace: namespace.name, ...attributesOf(deed) } },
  }));
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  const verdict = '--output=jsonpath={.status.allowed}{"\\n"}';
  const lines = (await namespace.kubectl(['create', '--filename=-', verdict], { input })).trim().split('\n');
  if (lines.length !== deeds.length) throw new Error(`${lines.length} verdicts on ${deeds.length} deeds`);
  return deeds.filter((_, index) => lines[index] === 'true');
}

function attributesOf(deed: Deed): object {
  const [verb, target = ''] = deed.split(' ');
  const [kind = '', name = '', subresource = ''] = target.split('/');
  const [resource, ...group] = kind.split('.');
  return { verb, group: group.join('.'), resource, name, subresource };
}
