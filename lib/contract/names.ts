/** Prefix of every label and annotation of ours. */
const domain = 'cdk8s-keyspace';

/** Labels that both sides read or write. */
export const labels = {
  /** The engine: `valkey`, `redis` or `keydb`. */
  name: 'app.kubernetes.io/name',
  /** The database's name. */
  instance: 'app.kubernetes.io/instance',
  /** `server` for a pod that runs a database server. */
  component: 'app.kubernetes.io/component',
  /** Who wrote the manifest: {@link managedBy}. */
  managedBy: 'app.kubernetes.io/managed-by',
  /** The shard a pod belongs to. Never changes. */
  shard: `${domain}/shard`,
  /** `primary` or `replica`: set and kept true by the agents, never in Git. */
  role: `${domain}/role`,
} as const;

/** Annotations that both sides read or write. */
export const annotations = {
  /** On pods: SHA-256 of what the servers read only when they start, so that a change of it replaces the pods, and no other does. */
  serverConfigHash: `${domain}/server-config`,
  /** On StatefulSets, by the agents and never in Git: version of the servers before the roll-out that goes on. */
  previousVersion: `${domain}/previous-version`,
  /** The same: revision whose primaries a person lets be replaced. */
  approvedRevision: `${domain}/approved-revision`,
  /** The same: revision that failed, and why, as JSON. */
  stoppedRollout: `${domain}/stopped-rollout`,
  /** The same: revisions whose templates differ in the agent's image alone, as JSON. */
  alikeRevisions: `${domain}/alike-revisions`,
  /** On pods, by the agents, while the agent's image is changed in place: what it was before, as JSON. */
  agentBefore: `${domain}/agent-before`,
  /** On the Lease that says who is primary: the rest of the record, as JSON. */
  primaryRecord: `${domain}/primary`,
  /** On the same: another value with every change, so that none is without effect. */
  primaryChange: `${domain}/primary-change`,
  /**
   * On pods and on the Lease of the coordinator, by the agents: version of the configuration that the pods were last told of. A kubelet brings a
   * mounted ConfigMap up to date at once in a pod that changes, and else within a minute and a half:
   * https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/#mounted-configmaps-are-updated-automatically
   */
  configuration: `${domain}/configuration`,
  /** On pods, by a person: `true` where the node serves nobody. Gone with the pod. */
  fenced: `${domain}/fenced`,
  /** On the Lease of the coordinator, by a person: `true` where the agents are to do nothing. */
  paused: `${domain}/paused`,
  /** On the same, by the Job before a sync: shards that are to be drained, who asks, and until when, as JSON. */
  drain: `${domain}/drain`,
} as const;

/** Annotation of Argo CD on what is there for a sync and is no part of the database. */
export const hookAnnotation = 'argocd.argoproj.io/hook';

/** Value of {@link labels.managedBy}. */
export const managedBy = 'cdk8s-keyspace';

/** Value of {@link labels.component} of server pods. */
export const serverComponent = 'server';

/** Value of {@link labels.component} of the pods of Sentinels. */
export const sentinelComponent = 'sentinel';

/** Value of {@link labels.component} of the pods that make backups. */
export const backupComponent = 'backup';

/** Value of {@link labels.component} of the pod that waits, before a sync, until the shards that leave are drained. */
export const drainComponent = 'drain';

/** Field manager of every patch the agents make. */
export const fieldManager = 'keyspace';

/**
 * The user that a shard's replicas sign in as. Servers of other shards and other databases do not know it: a replica follows an address,
 * and would otherwise copy whoever has its primary's old one.
 */
export const replicationUser = (namespace: string, database: string, shard: string): string =>
  `replication@${namespace}/${database}/${shard}`;

/** The user that a database's Sentinels sign in as, at its servers and at each other. Servers of other databases do not know it. */
export const sentinelUser = (namespace: string, database: string): string => `sentinel@${namespace}/${database}`;

/**
 * The user that a source signs in as where the engine itself moves slots. It can hand slots over and can copy nothing; other databases do
 * not know it.
 */
export const migrationUser = (namespace: string, database: string): string => `migration@${namespace}/${database}`;

/** The agents' own user of the servers. `default` is the clients', who may be denied what an agent needs. */
export const agentUser = 'keyspace-agent';

/** Container names. */
export const containers = { server: 'server', agent: 'agent' } as const;

/** In place of a backup's name: the newest that is whole. */
export const latestBackup = 'latest';

/** What a backup may be called: as a DNS label. */
export const backupName = /^(?!.{64})[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Port numbers inside a pod. */
export const ports = { client: 6379, bus: 16379, agent: 8379, sentinel: 26379 } as const;

/** The exporter, where there is one: its container, the name of its port, and its user in the servers' access control lists. */
export const exporter = { container: 'exporter', port: 'exporter', user: 'keyspace-exporter' } as const;

/** Keys of the data in ConfigMaps and Secrets. */
export const keys = {
  serverConfig: 'server.conf',
  sentinelConfig: 'sentinel.conf',
  status: 'status.json',
  /** The agent's document; one key a schema number, so that old and new agents both find theirs. */
  agentConfig: (schema: number) => `agent-config.v${schema}.json`,
} as const;

/** Absolute paths inside a pod. On one machine they stand below a folder a node. */
export const paths = {
  /** Shared by server and agent, in memory, gone with the pod. */
  run: '/run/keyspace',
  /** Holds the id of the newest start of the server's container, written by it before it asks for its permit. */
  start: '/run/keyspace/start',
  /** Lets one start go ahead: that container waits until it can remove the file of its own id. A permit for one start is none for the next. */
  permit: (start: string) => `/run/keyspace/permit.${start}`,
  /** Directives only this pod knows, secrets among them; included last by the server's configuration. */
  nodeConfig: '/run/keyspace/node.conf',
  /** As what the server starts, where its agent decides who is primary: written before each permit, included by {@link nodeConfig}. */
  startRole: '/run/keyspace/role.conf',
  /** Everybody whom the server lets in, written by the agent: the engine's `aclfile`. Hashes of passwords, no passwords. */
  accounts: '/run/keyspace/users.acl',
  /** Made by the server's preStop hook: the pod is ending. The agent touches it with each look, as a sign that somebody looks. */
  stopping: '/run/keyspace/stopping',
  /** Made by the agent: the server may be stopped now. */
  stopped: '/run/keyspace/stopped',
  /** What persons have asked of the agent outside Git, as it last heard: an agent that starts while the API is away knows it. */
  orders: '/run/keyspace/orders.json',
  data: '/data',
  /** Who was primary when this node last heard: it outlives the record, should that be deleted. */
  lastPrimary: '/data/keyspace-primary.json',
  /** Name of the primary elsewhere whose data a database of one node has; there is none where it has data of its own. */
  copiedSource: '/data/keyspace-source',
  /** Made by the agent of a shard that has given all its slots away: should it ever come back, it starts anew. */
  drained: '/data/keyspace-drained',
  /** Which backup is being brought to a volume, or has been, until a server starts there; and the copy until it is whole. */
  restore: '/data/keyspace-restore.json',
  restoreDraft: '/data/keyspace-restore.rdb',
  /** What lay on such a volume until then. */
  before: '/data/keyspace-before',
  /** Hashes of passwords that were replaced, and when: they outlive a pod that is replaced before their time is up. */
  replacedPasswords: '/data/keyspace-passwords.json',
  serverConfig: '/etc/keyspace/server/server.conf',
  /** What a Sentinel's configuration begins with; the rest it writes itself, to a file of its own. */
  sentinelConfig: '/etc/keyspace/server/sentinel.conf',
  sentinelState: '/data/sentinel.conf',
  agentConfig: '/etc/keyspace/agent',
  /** Passwords and users; a folder that only agents see. */
  auth: '/etc/keyspace/auth',
  /** A folder for each store of backups: what proves the agents to it. */
  credentials: '/etc/keyspace/credentials',
  /** A folder for each volume that backups are kept on. */
  stores: '/stores',
  tls: '/etc/keyspace/tls',
  /** Shared by agent and exporter, in memory, gone with the pod. */
  exporter: '/run/keyspace-exporter',
  /** The exporter's password by address, made by the agent for this pod alone: the exporter's `REDIS_PASSWORD_FILE`. */
  exporterPasswords: '/run/keyspace-exporter/passwords.json',
} as const;

/** Files of a TLS Secret, as cert-manager writes them, below {@link paths.tls}. */
export const tlsFiles = { certificate: 'tls.crt', key: 'tls.key', authority: 'ca.crt' } as const;

/** Files below {@link paths.auth}. */
export const authFiles = {
  /** Of the user `default`. */
  password: 'password',
  user: (name: string) => `users/${name}`,
  /** Further users, in the engine's own words. */
  users: 'users.acl',
  /** Of the primary elsewhere that the database follows. */
  source: 'source',
} as const;

/** Every object name of a database, from its own name. */
export function objectNames(database: string) {
  return {
    statefulSet: (shard: string) => `${database}-${shard}`,
    node: (shard: string, ordinal: number) => `${database}-${shard}-${ordinal}`,
    disruptionBudget: (shard: string) => `${database}-${shard}`,
    /** Every node, where each of them is as good as any: topology `cluster` and `multi-master`. */
    clientService: database,
    /** Every node that has the role `primary`; in topology `multi-master` the one that writers are sent to. */
    leaderService: `${database}-leader`,
    replicaService: `${database}-replica`,
    anyService: `${database}-any`,
    headlessService: `${database}-headless`,
    /** Of one node of a database with Sentinels: an address that stays. */
    nodeService: (node: string) => node,
    /** Of one node, for clients outside the Kubernetes cluster. */
    externalService: (node: string) => `${node}-external`,
    sentinelSet: `${database}-sentinel`,
    sentinelNode: (ordinal: number) => `${database}-sentinel-${ordinal}`,
    sentinelService: `${database}-sentinel`,
    sentinelHeadlessService: `${database}-sentinel-headless`,
    sentinelConfig: `${database}-sentinel`,
    /** Password that is made in the Kubernetes cluster, where the spec names no Secret. */
    generatedPassword: `${database}-auth`,
    /** Job that makes it, and who the Job is. */
    credentials: `${database}-credentials`,
    /** Who makes backups, and what the names of Jobs begin with that make one. */
    backup: `${database}-backup`,
    backupSchedule: (schedule: string) => `${database}-backup-${schedule}`,
    backupVerification: `${database}-verification`,
    /** Who waits, before a sync, until the shards that leave are drained; its contract, and what the names of its Jobs begin with. */
    drain: `${database}-drain`,
    serverConfig: `${database}-server`,
    agentConfig: `${database}-agent`,
    status: `${database}-status`,
    /** Made by the first agent, not in Git. */
    lease: `${database}-coordinator`,
    /** Who is primary, in topology `replication`: a Lease as well, made by the first agent. */
    primary: `${database}-primary`,
    serviceAccount: `${database}-agent`,
    role: `${database}-agent`,
    roleBinding: `${database}-agent`,
    /** The Certificate, and the Secret that it fills. */
    certificate: `${database}-tls`,
    networkPolicy: database,
    monitor: database,
    alerts: database,
    dashboard: `${database}-dashboard`,
  };
}

/** Volume of a node's data, in its pod. */
export const dataVolume = 'data';

/** Name of the claim that a StatefulSet makes for a node. */
export const claimName = (node: string): string => `${dataVolume}-${node}`;
