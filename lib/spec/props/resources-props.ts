/** Amounts of processor and memory, as Kubernetes quantities: `{ cpu: '500m', memory: '1Gi' }`. */
export interface AmountProps {
  /**
   * Processor time, in cores (`2`) or thousandths of one (`500m`).
   *
   * @default - see the field that holds the amount
   */
  readonly cpu?: string;

  /**
   * Memory, in bytes (`1Gi`).
   *
   * @default - see the field that holds the amount
   */
  readonly memory?: string;
}

/** What a container reserves, and what it may use at most. */
export interface ResourcesProps {
  /**
   * What the scheduler sets aside for the container.
   *
   * @default - memory: the limit; cpu: 100m for a server, 20m for whatever stands beside it
   */
  readonly requests?: AmountProps;

  /**
   * What the container can never exceed. A server at its memory limit is killed, so `maxMemory` stays below it.
   *
   * @default - memory: the request, else 512Mi for a server and 128Mi for others; cpu: no limit, because a throttled
   * server misses heartbeats and loses its role
   */
  readonly limits?: AmountProps;
}

/** The agent beside each server. */
export interface AgentProps {
  /**
   * Image of the agent, with a tag or a digest.
   *
   * @default - the context `cdk8s-keyspace/agentImage` of the construct tree, else the image of this package's version
   */
  readonly image?: string;

  /**
   * What the agent reserves and may use.
   *
   * @default - requests 20m and 64Mi, limit 128Mi
   */
  readonly resources?: ResourcesProps;
}
