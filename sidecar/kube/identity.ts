import type { Identity } from '../edges';

/**
 * Who this agent is, from the variables that Kubernetes sets through the downward API.
 *
 * @throws Error that names the missing variable
 */
export function readIdentity(env: Readonly<Record<string, string | undefined>>): Identity {
  const node = env.POD_NAME;
  if (!node) {
    throw new Error('POD_NAME is not set; the manifests set it to the pod\'s name (fieldPath "metadata.name")');
  }
  return { node, ip: env.POD_IP ?? '', host: env.NODE_NAME ?? '', zone: env.ZONE ?? '' };
}
