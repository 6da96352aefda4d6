/** What the tests have to be told. */
export interface Setting {
  /** The agent's image, on every node or in a registry that the nodes reach. */
  readonly agentImage: string;
}

/**
 * Reads the environment.
 *
 * @throws Error that names the missing variable
 */
export function readSetting(): Setting {
  const { KUBECONFIG, KEYSPACE_AGENT_IMAGE: agentImage } = process.env;
  if (!KUBECONFIG) throw new Error('KUBECONFIG is not set; it names the configuration file of a cluster to test on');
  if (!agentImage) {
    throw new Error(
      'KEYSPACE_AGENT_IMAGE is not set; it names an image that the nodes have, made with: docker build -f sidecar/Dockerfile -t keyspace:test .',
    );
  }
  return { agentImage };
}
