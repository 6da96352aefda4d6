/** The three servers this project runs. */
export type EngineName = 'valkey' | 'redis' | 'keydb';

/** How the nodes of a database are arranged. */
export type Topology = 'standalone' | 'replication' | 'sentinel' | 'cluster' | 'multi-master';

/** Whether there is a record of who is primary, which the agents keep. */
export const hasRecord = (topology: Topology): boolean => topology === 'replication' || topology === 'sentinel';

/** Something an engine can do from some version on. */
export type Capability =
  /** `CLUSTER ADDSLOTSRANGE`: https://valkey.io/commands/cluster-addslotsrange/ */
  | 'addSlotsRange'
  /** `CLUSTER SHARDS`: https://valkey.io/commands/cluster-shards/ */
  | 'clusterShards'
  /** `cluster-announce-hostname` and `cluster-preferred-endpoint-type`. */
  | 'announceHostname'
  /** `cluster-announce-client-port`: clients are told of another port than the nodes use among themselves. */
  | 'announceClientPort'
  /** `cluster-allow-replica-migration no`; before it, a huge migration barrier does the same. */
  | 'allowReplicaMigration'
  /** The append-only file is a directory with a manifest (`appenddirname`). */
  | 'multiPartAof'
  /** `cluster-port`; before it, the bus port is always the client port + 10000. */
  | 'clusterPort'
  /** `shutdown-timeout`: a stopping primary waits for its replicas. */
  | 'shutdownTimeout'
  /** `CLUSTER MIGRATESLOTS`: a slot range moves as one. */
  | 'atomicSlotMigration'
  /** `shutdown-on-sigterm failover`. */
  | 'failoverOnSigterm'
  /** `cluster-manual-failover-timeout`. */
  | 'manualFailoverTimeout'
  /** `CLUSTER SLOT-STATS`. */
  | 'slotStats'
  /** `INFO` takes several sections, `CONFIG GET` several directives. */
  | 'severalAtOnce'
  /** ACL rules with `%R~` and with denied subcommands: https://valkey.io/topics/acl/ */
  | 'aclKeyPermissions'
  /** `active-replica` and `multi-master`. */
  | 'activeReplica';

/** What is known of one engine: versions are `major.minor`, oldest first. */
export interface EngineFacts {
  readonly versions: readonly string[];
  readonly server: string;
  readonly cli: string;
  /** Program of a Sentinel. */
  readonly sentinel: string;
  /** The official image of a version; a tag that follows its patch releases, where there is one. */
  readonly image: (version: string) => string;
  readonly topologies: readonly Topology[];
  /** First version of each capability; one that is missing is in no version. */
  readonly since: Readonly<Partial<Record<Capability, string>>>;
}

const fromRedis7: readonly Capability[] = [
  'addSlotsRange',
  'clusterShards',
  'announceHostname',
  'allowReplicaMigration',
  'multiPartAof',
  'clusterPort',
  'shutdownTimeout',
  'severalAtOnce',
  'aclKeyPermissions',
];

const all = (capabilities: readonly Capability[], version: string) =>
  Object.fromEntries(capabilities.map((capability) => [capability, version]));

const withoutMultiMaster = ['standalone', 'replication', 'sentinel', 'cluster'] as const;

/** Every engine and what each of its versions can do. The only place that knows. */
export const engines: Readonly<Record<EngineName, EngineFacts>> = {
  valkey: {
    versions: ['7.2', '8.0', '8.1', '9.0', '9.1'],
    server: 'valkey-server',
    cli: 'valkey-cli',
    sentinel: 'valkey-sentinel',
    image: (version) => `valkey/valkey:${version}`,
    topologies: withoutMultiMaster,
    since: {
      ...all(fromRedis7, '7.2'),
      slotStats: '8.0',
      manualFailoverTimeout: '8.1',
      atomicSlotMigration: '9.0',
      announceClientPort: '9.0',
      failoverOnSigterm: '9.0',
    },
  },
  redis: {
    versions: ['6.2', '7.0', '7.2', '7.4', '8.0'],
    server: 'redis-server',
    cli: 'redis-cli',
    sentinel: 'redis-sentinel',
    image: (version) => `redis:${version}`,
    topologies: withoutMultiMaster,
    since: all(fromRedis7, '7.0'),
  },
  keydb: {
    versions: ['6.3'],
    server: 'keydb-server',
    cli: 'keydb-cli',
    sentinel: 'keydb-sentinel',
    image: (version) => `eqalpha/keydb:x86_64_v${version}.4`,
    topologies: [...withoutMultiMaster, 'multi-master'],
    since: { activeReplica: '6.3' },
  },
};

/** One engine at one version: `{ name: 'valkey', version: '8.1' }`. */
export interface Engine {
  readonly name: EngineName;
  /** `major.minor`, one of {@link EngineFacts.versions}. */
  readonly version: string;
}

/** Orders `major.minor` versions: negative where `a` is older. */
export function compareVersions(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

/** Whether this version of this engine has the capability. */
export function can(engine: Engine, capability: Capability): boolean {
  const since = engines[engine.name].since[capability];
  return since !== undefined && compareVersions(engine.version, since) >= 0;
}
