import { k8s } from 'cdk8s-plus-28';

import { objectNames, paths } from '../contract/names';
import { shardSelector } from './metadata';

/** Which volumes a pod has. */
export interface VolumesProps {
  readonly database: string;
  readonly persistence: 'off' | { readonly size: string; readonly storageClass?: string };
  /** Name of the Secret, and the key of the password in it. */
  readonly auth: 'off' | { readonly secret: { readonly name: string; readonly key: string } };
  readonly tls: 'off' | { readonly secret: { readonly name: string } };
}

const names = {
  run: 'run',
  data: 'data',
  serverConfig: 'server-config',
  agentConfig: 'agent-config',
  auth: 'auth',
  tls: 'tls',
  token: 'token',
} as const;

/** File of the password below {@link paths.auth}. */
export const passwordFile = 'password';

/** Read by the owner and the group of the pod only. */
const secretMode = 0o440;

/** The pod's volumes, without the one that a claim template makes. */
export function volumes({ database, persistence, auth, tls }: VolumesProps): k8s.Volume[] {
  const objects = objectNames(database);
  return [
    // In memory: it holds the password, and a permit must not outlive the pod.
    { name: names.run, emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') } },
    ...(persistence === 'off' ? [{ name: names.data, emptyDir: {} }] : []),
    { name: names.serverConfig, configMap: { name: objects.serverConfig } },
    { name: names.agentConfig, configMap: { name: objects.agentConfig } },
    ...(auth === 'off' ? [] : [passwordVolume(auth.secret)]),
    ...(tls === 'off' ? [] : [{ name: names.tls, secret: { secretName: tls.secret.name, defaultMode: secretMode } }]),
    { name: names.token, projected: { defaultMode: secretMode, sources: tokenSources } },
  ];
}

const passwordVolume = ({ name, key }: { readonly name: string; readonly key: string }): k8s.Volume => ({
  name: names.auth,
  secret: { secretName: name, defaultMode: secretMode, items: [{ key, path: passwordFile }] },
});

/** What Kubernetes mounts by itself where `automountServiceAccountToken` is on: into every container, and only one may have it. */
const tokenSources: k8s.VolumeProjection[] = [
  { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
];

/** What the server sees. No password and no token: what it must know is in a file that the agent writes. */
export const serverMounts = ({ tls }: Pick<VolumesProps, 'tls'>): k8s.VolumeMount[] => [
  { name: names.run, mountPath: paths.run },
  { name: names.data, mountPath: paths.data },
  { name: names.serverConfig, mountPath: paths.serverConfig.replace(/\/[^/]*$/, ''), readOnly: true },
  ...(tls === 'off' ? [] : [{ name: names.tls, mountPath: paths.tls, readOnly: true }]),
];

/** What the agent sees. */
export const agentMounts = ({ auth, tls }: Pick<VolumesProps, 'auth' | 'tls'>): k8s.VolumeMount[] => [
  { name: names.run, mountPath: paths.run },
  { name: names.data, mountPath: paths.data },
  { name: names.agentConfig, mountPath: paths.agentConfig, readOnly: true },
  ...(auth === 'off' ? [] : [{ name: names.auth, mountPath: paths.auth, readOnly: true }]),
  ...(tls === 'off' ? [] : [{ name: names.tls, mountPath: paths.tls, readOnly: true }]),
  { name: names.token, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
];

/** Claims of one volume a node. Can never be changed, so nothing that a user may change is in their labels. */
export function claimTemplates({
  database,
  shard,
  persistence,
}: Pick<VolumesProps, 'database' | 'persistence'> & { readonly shard: string }): k8s.KubePersistentVolumeClaimProps[] {
  if (persistence === 'off') return [];
  const { size, storageClass } = persistence;
  return [
    {
      metadata: { name: names.data, labels: shardSelector(database, shard) },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: k8s.Quantity.fromString(size) } },
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
      },
    },
  ];
}
