import type { Namespace } from './namespace';

/** The user of the engines' images; the agent's image runs as the same. */
const user = 999;

/** What the `restricted` Pod Security Standard asks of a container. */
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** One container of a helper. */
export interface HelperContainer {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: readonly object[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

/** A pod that a test uses, beside the database. */
export interface Helper {
  readonly name: string;
  /** Kubernetes node it has to be on: one that the test leaves alone. */
  readonly node: string;
  readonly containers: readonly HelperContainer[];
  readonly volumes?: readonly object[];
  /** Fields of the pod's `spec` that differ. */
  readonly more?: object;
}

/** The manifest of a helper: never restarted, gone at once when deleted. */
export const helperPod = ({ name, node, containers, volumes = [], more = {} }: Helper): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeName: node,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: user, seccompProfile: { type: 'RuntimeDefault' } },
    containers: containers.map((container) => ({
      imagePullPolicy: 'IfNotPresent',
      securityContext: restricted,
      ...container,
    })),
    volumes,
    ...more,
  },
});

/** Longest time until a helper is ready: after the API server was away, kubelets take half a minute to ask it again. */
const readySeconds = 60;

/** Makes a helper and waits until it is ready. */
export async function startHelper(namespace: Namespace, helper: Helper): Promise<void> {
  await namespace.create(helperPod(helper));
  const ready = ['wait', `pod/${helper.name}`, '--for=condition=Ready', `--timeout=${readySeconds}s`];
  await namespace.kubectl(ready, { boundMs: (readySeconds + 5) * 1000 });
}
