import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { containers } from '../contract/names';
import { resourceRequirements } from './amounts';
import { containerSecurity, podSecurity } from './pod-security';

/** What jobs take over from the database that they belong to. */
export interface JobSurroundings {
  readonly image: string;
  readonly imagePullPolicy: string;
  readonly imagePullSecrets: readonly string[];
  readonly scheduling: Pick<k8s.PodSpec, 'nodeSelector' | 'tolerations' | 'priorityClassName'>;
}

/** What the pod of a job depends on. */
export interface JobPodProps extends JobSurroundings {
  /** Name of the ServiceAccount; its token is in the pod only where it is among the volumes. */
  readonly account: string;
  /** The agent's command. */
  readonly args: string[];
  readonly env: k8s.EnvVar[];
  readonly resources: Parameters<typeof resourceRequirements>[0];
  readonly mounts: k8s.VolumeMount[];
  readonly volumes: k8s.Volume[];
}

/** A pod that runs a command of the agent to its end, once more where it fails. */
export const jobPod = (props: JobPodProps): k8s.PodSpec => ({
  serviceAccountName: props.account,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  restartPolicy: 'OnFailure',
  securityContext: podSecurity,
  ...(props.imagePullSecrets.length > 0 ? { imagePullSecrets: props.imagePullSecrets.map((name) => ({ name })) } : {}),
  containers: [
    {
      name: containers.agent,
      image: props.image,
      imagePullPolicy: props.imagePullPolicy,
      args: props.args,
      env: props.env,
      resources: resourceRequirements(props.resources),
      securityContext: containerSecurity,
      volumeMounts: props.mounts,
    },
  ],
  volumes: props.volumes,
  ...props.scheduling,
});
