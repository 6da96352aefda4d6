import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { containers, ports } from '../contract/names';
import { resourceRequirements } from './amounts';
import { containerSecurity } from './pod-security';

/** What the agent's container depends on. */
export interface AgentContainerProps {
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly resources: Parameters<typeof resourceRequirements>[0];
  readonly mounts: k8s.VolumeMount[];
  /** The agent speaks HTTPS. */
  readonly tls: boolean;
}

/** Asks the agent. The kubelet takes any certificate and shows none, and the agent lets it in to its probes. */
export const agentProbe = (path: '/livez' | '/readyz', tls: boolean): Pick<k8s.Probe, 'httpGet'> => ({
  httpGet: { path, port: k8s.IntOrString.fromNumber(ports.agent), ...(tls ? { scheme: 'HTTPS' } : {}) },
});

/** What an agent knows of its own pod. */
const podFields = {
  POD_NAME: 'metadata.name',
  POD_NAMESPACE: 'metadata.namespace',
  POD_IP: 'status.podIP',
  NODE_NAME: 'spec.nodeName',
  // Set on pods by Kubernetes 1.35; before, the agent tells hosts apart and no zones.
  ZONE: "metadata.labels['topology.kubernetes.io/zone']",
} as const;

/**
 * The container of the agent: a native sidecar (an init container that goes on), because it has to run before the
 * server may start and until the server has stopped.
 */
export const agentContainer = ({
  image,
  imagePullPolicy,
  resources,
  mounts,
  tls,
}: AgentContainerProps): k8s.Container => ({
  name: containers.agent,
  image,
  imagePullPolicy,
  restartPolicy: 'Always',
  args: ['agent'],
  env: Object.entries(podFields).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
  ports: [{ name: 'agent', containerPort: ports.agent }],
  resources: resourceRequirements(resources),
  securityContext: containerSecurity,
  volumeMounts: mounts,
  livenessProbe: {
    ...agentProbe('/livez', tls),
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 6,
    // Else the pod's, which is for handovers: a process that has come no further than its start takes no SIGTERM.
    terminationGracePeriodSeconds: 30,
  },
});
