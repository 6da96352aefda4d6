import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { dataVolume, objectNames, paths } from '../contract/names';
import { shardSelector } from './metadata';

/** A value of a Secret, and the file it becomes below {@link paths.auth}. */
export interface SecretFile {
  readonly secret: string;
  readonly key: string;
  readonly file: string;
}

/** Where backups, writes or what a database starts from are kept. */
export interface Store {
  readonly name: 'backup' | 'archive' | 'restore';
  /** Secret with the credentials of an object store, or claim of a volume. */
  readonly from: { readonly secret: string } | { readonly claim: string };
}

/** Which volumes a pod has. */
export interface VolumesProps {
  readonly database: string;
  /** ConfigMap of the servers' configuration file. */
  readonly serverConfig: string;
  /** Where the server writes: to a volume that a claim template makes, to the machine's disk, or to memory. */
  readonly data: 'claim' | 'disk' | 'memory';
  /** The agent makes a password for an exporter. */
  readonly exporterPassword: boolean;
  /** Passwords and users; none where auth is off. */
  readonly secretFiles: readonly SecretFile[];
  /** Secret of the certificate; undefined where tls is off. */
  readonly certificate?: string | undefined;
  readonly stores: readonly Store[];
}

const names = {
  run: 'run',
  data: dataVolume,
  serverConfig: 'server-config',
  agentConfig: 'agent-config',
  auth: 'auth',
  tls: 'tls',
  token: 'token',
  exporter: 'exporter',
} as const;

const inMemory: k8s.EmptyDirVolumeSource = { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('1Mi') };

/** Folder of the credentials of an object store. */
export const credentialsFolder = (store: Store['name']): string => `${paths.credentials}/${store}`;

/** Folder of a volume that backups are kept on. */
export const storeFolder = (store: Store['name']): string => `${paths.stores}/${store}`;

/** Read by the owner and the group of the pod only. */
const secretMode = 0o440;

/** The pod's volumes, without the one that a claim template makes. */
export function volumes(props: VolumesProps): k8s.Volume[] {
  const { database, serverConfig, data, exporterPassword, secretFiles, certificate, stores } = props;
  return [
    // In memory: it holds the password, and a permit must not outlive the pod.
    { name: names.run, emptyDir: inMemory },
    ...(exporterPassword ? [{ name: names.exporter, emptyDir: inMemory }] : []),
    ...(data === 'claim' ? [] : [{ name: names.data, emptyDir: data === 'memory' ? inMemory : {} }]),
    { name: names.serverConfig, configMap: { name: serverConfig } },
    { name: names.agentConfig, configMap: { name: objectNames(database).agentConfig } },
    ...secretVolumes({ secretFiles, certificate }),
    tokenVolume,
    ...stores.map(storeVolume),
  ];
}

const authVolume = (files: readonly SecretFile[]): k8s.Volume => ({
  name: names.auth,
  projected: {
    defaultMode: secretMode,
    sources: files.map(({ secret, key, file }) => ({ secret: { name: secret, items: [{ key, path: file }] } })),
  },
});

/** Which volumes the pod of a job has. */
export type JobVolumesProps = Pick<VolumesProps, 'database' | 'secretFiles' | 'certificate' | 'stores'>;

/** Of a job that visits the servers and has nothing to do with the API. */
export const jobVolumes = ({ database, secretFiles, certificate, stores }: JobVolumesProps): k8s.Volume[] => [
  { name: names.agentConfig, configMap: { name: objectNames(database).agentConfig } },
  ...secretVolumes({ secretFiles, certificate }),
  ...stores.map(storeVolume),
];

/** Of a job that has a contract of its own and speaks to the API alone. */
export const contractVolumes = (configMap: string): k8s.Volume[] => [
  { name: names.agentConfig, configMap: { name: configMap } },
  tokenVolume,
];

/** Where a job finds them. */
export const jobMounts = ({ secretFiles, certificate, stores }: JobVolumesProps): k8s.VolumeMount[] => [
  { name: names.agentConfig, mountPath: paths.agentConfig, readOnly: true },
  ...secretMounts({ secretFiles, certificate }),
  ...stores.map(storeMount),
];

const secretVolumes = ({ secretFiles, certificate }: Pick<VolumesProps, 'secretFiles' | 'certificate'>) => [
  ...(secretFiles.length > 0 ? [authVolume(secretFiles)] : []),
  ...(certificate === undefined
    ? []
    : [{ name: names.tls, secret: { secretName: certificate, defaultMode: secretMode } }]),
];

const secretMounts = ({ secretFiles, certificate }: Pick<VolumesProps, 'secretFiles' | 'certificate'>) => [
  ...(secretFiles.length > 0 ? [{ name: names.auth, mountPath: paths.auth, readOnly: true }] : []),
  ...(certificate === undefined ? [] : [{ name: names.tls, mountPath: paths.tls, readOnly: true }]),
];

const storeMount = ({ name, from }: Store): k8s.VolumeMount =>
  'secret' in from
    ? { name, mountPath: credentialsFolder(name), readOnly: true }
    : { name, mountPath: storeFolder(name) };

const storeVolume = ({ name, from }: Store): k8s.Volume =>
  'secret' in from
    ? { name, secret: { secretName: from.secret, defaultMode: secretMode } }
    : { name, persistentVolumeClaim: { claimName: from.claim } };

/** What Kubernetes mounts by itself where `automountServiceAccountToken` is on: into every container, and only one may have it. */
const tokenSources: k8s.VolumeProjection[] = [
  { serviceAccountToken: { path: 'token', expirationSeconds: 3607 } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardApi: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
];

/** Of who may speak to the API. */
export const tokenVolume: k8s.Volume = {
  name: names.token,
  projected: { defaultMode: secretMode, sources: tokenSources },
};

/** Where clients of the API look for it. */
export const tokenMount: k8s.VolumeMount = {
  name: names.token,
  mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
  readOnly: true,
};

/** Where such a job finds them. */
export const contractMounts: k8s.VolumeMount[] = [
  { name: names.agentConfig, mountPath: paths.agentConfig, readOnly: true },
  tokenMount,
];

/** The server reads it when it starts, and its agent whenever it changes. */
const serverConfigMount: k8s.VolumeMount = {
  name: names.serverConfig,
  mountPath: paths.serverConfig.replace(/\/[^/]*$/, ''),
  readOnly: true,
};

/** What the server sees. No password and no token: what it must know is in a file that the agent writes. */
export const serverMounts = ({ certificate }: Pick<VolumesProps, 'certificate'>): k8s.VolumeMount[] => [
  { name: names.run, mountPath: paths.run },
  { name: names.data, mountPath: paths.data },
  serverConfigMount,
  ...(certificate === undefined ? [] : [{ name: names.tls, mountPath: paths.tls, readOnly: true }]),
];

/** What the agent sees. */
export const agentMounts = ({
  secretFiles,
  certificate,
  exporterPassword,
  stores,
}: Pick<VolumesProps, 'secretFiles' | 'certificate' | 'exporterPassword' | 'stores'>): k8s.VolumeMount[] => [
  { name: names.run, mountPath: paths.run },
  { name: names.data, mountPath: paths.data },
  serverConfigMount,
  { name: names.agentConfig, mountPath: paths.agentConfig, readOnly: true },
  ...secretMounts({ secretFiles, certificate }),
  ...(exporterPassword ? [{ name: names.exporter, mountPath: paths.exporter }] : []),
  tokenMount,
  ...stores.map(storeMount),
];

/** What the exporter sees. */
export const exporterMounts = ({
  certificate,
  exporterPassword,
}: Pick<VolumesProps, 'certificate' | 'exporterPassword'>): k8s.VolumeMount[] => [
  ...(certificate === undefined ? [] : [{ name: names.tls, mountPath: paths.tls, readOnly: true }]),
  ...(exporterPassword ? [{ name: names.exporter, mountPath: paths.exporter, readOnly: true }] : []),
];

/** Volumes that a StatefulSet makes, one a node. */
export interface ClaimProps {
  readonly database: string;
  readonly shard: string;
  readonly size: string;
  readonly storageClass?: string;
  readonly accessMode: string;
}

/** Claims of one volume a node. Can never be changed, so nothing that a user may change is in their labels. */
export const claimTemplate = (props: ClaimProps): k8s.KubePersistentVolumeClaimProps => ({
  metadata: { name: names.data, labels: shardSelector(props.database, props.shard) },
  spec: {
    accessModes: [props.accessMode],
    resources: { requests: { storage: k8s.Quantity.fromString(props.size) } },
    ...(props.storageClass === undefined ? {} : { storageClassName: props.storageClass }),
  },
});
