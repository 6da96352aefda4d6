import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';

/** User and group of the engines' official images. Agent and server share files, so both run as it. */
const user = 999;

/** What the `restricted` Pod Security Standard asks of a pod. */
export const podSecurity: k8s.PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  // A big volume is not walked through at every start.
  fsGroupChangePolicy: 'OnRootMismatch',
  seccompProfile: { type: 'RuntimeDefault' },
};

/** What it asks of a container, and a root file system that nobody writes to. */
export const containerSecurity: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};
