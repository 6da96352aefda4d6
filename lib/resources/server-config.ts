import { can, type Engine } from '../contract/engines';
import { paths, ports, tlsFiles } from '../contract/names';
import { knowsDirective } from '../spec/known-directives';

/** What the directives depend on. */
export interface ServerConfigProps {
  readonly engine: Engine;
  readonly tls: 'off' | { readonly clientCertificates: 'required' | 'optional' | 'off' };
  readonly persistence:
    | 'off'
    | {
        readonly appendOnly: 'off' | { readonly fsync: 'always' | 'everysec' | 'no' };
        readonly snapshots: readonly { readonly afterSeconds: number; readonly changes: number }[];
      };
  readonly modules: readonly { readonly path: string; readonly arguments: readonly string[] }[];
  readonly maxMemoryBytes: number;
  readonly maxMemoryPolicy: string;
  readonly replicas: number;
  /** Present where keys are shared out by hash slot. */
  readonly cluster?: Clustering;
  /** The agents decide who is primary. */
  readonly agentLed?: boolean;
  /** Every node takes writes. */
  readonly multiMaster?: boolean;
  /** Replicas that have to be in touch for a write. */
  readonly toWrite?: { readonly replicas: number; readonly maxLagSeconds: number };
  /** The user's own, after the defaults. */
  readonly directives: Readonly<Record<string, string | number>>;
}

/** Of nodes that share keys out. */
interface Clustering {
  readonly nodeTimeoutMs: number;
  /** Clients come by names that the agents have the nodes announce. */
  readonly announcesNames?: boolean;
}

type Directive = readonly [name: string, value: string | number];

const section = (when: boolean, directives: readonly Directive[]): readonly Directive[] => (when ? directives : []);

/**
 * The servers' configuration file, in an order that never changes. Ends by including what only a pod knows: its
 * password and its address, which the agent writes before it lets the server start.
 */
export function renderServerConfig(props: ServerConfigProps): string {
  const own = Object.entries(props.directives).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(own.map(([name]) => name));
  const lines: readonly Directive[] = [
    ...ownedDirectives(props),
    ...defaultDirectives(props).filter(([name]) => !names.has(name) && knowsDirective(props.engine, name)),
    ...own,
    ['include', paths.nodeConfig],
  ];
  return render(lines);
}

const render = (lines: readonly Directive[]): string => lines.map(([name, value]) => `${name} ${value}\n`).join('');

/**
 * What a Sentinel's configuration file begins with. Whom it monitors is not in it: the agents say so, once they know who is
 * primary. Nodes are known by the addresses of Services, which stay, because one of a pod may be another one's tomorrow; and not by names:
 * a Sentinel that waits for a resolver watches nobody.
 */
export const renderSentinelConfig = ({ tls }: Pick<ServerConfigProps, 'tls'>): string =>
  render([
    ['bind', '* -::*'],
    ['protected-mode', 'no'],
    ...listeners(tls, ports.sentinel),
    ['dir', paths.data],
    // Nobody has a Sentinel run programs.
    ['sentinel', 'deny-scripts-reconfig yes'],
  ]);

/** Directives that the rest of this library relies on; a spec cannot set them itself. */
export const ownedDirectives = (props: ServerConfigProps): readonly Directive[] => [
  // IPv6 only where the pod has it.
  ['bind', '* -::*'],
  // Without a password it would let in nobody but loopback; who gets in is decided by "auth".
  ['protected-mode', 'no'],
  ...listeners(props.tls, ports.client),
  ...section(props.tls !== 'off', [['tls-cluster', 'yes']]),
  ['dir', paths.data],
  ...files(props.persistence),
  ...props.modules.map(({ path, arguments: words }): Directive => [
    'loadmodule',
    [path, ...words.map(quoted)].join(' '),
  ]),
  ['maxmemory', props.maxMemoryBytes],
  ['maxmemory-policy', props.maxMemoryPolicy],
  ...(props.cluster ? clustering(props, props.cluster) : []),
  // One without the other keeps KeyDB from starting.
  ...section(props.multiMaster === true, [
    ['active-replica', 'yes'],
    ['multi-master', 'yes'],
  ]),
  // A replica that hears nothing for a few seconds has lost its primary: idle links must not look like it.
  ...section(props.multiMaster === true || props.agentLed === true || props.cluster !== undefined, [
    ['repl-ping-replica-period', 1],
  ]),
  ...(props.toWrite && props.toWrite.replicas > 0 ? floor(props.toWrite) : []),
];

/** Directives that a spec may set otherwise. Those the engine does not know are left out. */
export const defaultDirectives = ({ replicas, cluster, multiMaster }: ServerConfigProps): readonly Directive[] => [
  // A snapshot for a replica goes straight to its socket: the volume may be slow, or too small for a second copy.
  ['repl-diskless-sync', 'yes'],
  // One stream serves every replica that asks within 5 seconds, and starts at once when nobody is missing.
  ...section(replicas > 0, [['repl-diskless-sync-max-replicas', replicas]]),
  // A primary that stops waits so many seconds for its replicas to have everything.
  ['shutdown-timeout', 10],
  // A shard that is down takes its own keys with it, not those of all the others.
  ...section(cluster !== undefined, [['cluster-require-full-coverage', 'no']]),
  ...section(multiMaster === true, [
    // A node that takes in another's first copy goes on taking writes, which are later than what it copies.
    ['allow-write-during-load', 'yes'],
    // Links are made one at a time: one to a node that is cut off keeps the others waiting for as long.
    ['repl-timeout', 10],
    ['repl-diskless-sync-delay', 1],
  ]),
];

const floor = ({ replicas, maxLagSeconds }: NonNullable<ServerConfigProps['toWrite']>): readonly Directive[] => [
  ['min-replicas-to-write', replicas],
  ['min-replicas-max-lag', maxLagSeconds],
];

function listeners(tls: ServerConfigProps['tls'], port: number): readonly Directive[] {
  if (tls === 'off') return [['port', port]];
  return [
    ['port', 0],
    ['tls-port', port],
    ['tls-cert-file', `${paths.tls}/${tlsFiles.certificate}`],
    ['tls-key-file', `${paths.tls}/${tlsFiles.key}`],
    ['tls-ca-cert-file', `${paths.tls}/${tlsFiles.authority}`],
    ['tls-auth-clients', { required: 'yes', optional: 'optional', off: 'no' }[tls.clientCertificates]],
    ['tls-replication', 'yes'],
  ];
}

/** Without an append-only file, or beside it, snapshots: each doubles the copies in memory, so there are none unless asked for. */
function files(persistence: ServerConfigProps['persistence']): readonly Directive[] {
  const { appendOnly, snapshots } = persistence === 'off' ? { appendOnly: 'off' as const, snapshots: [] } : persistence;
  const rules = snapshots.map(({ afterSeconds, changes }) => `${afterSeconds} ${changes}`);
  return [
    ['appendonly', appendOnly === 'off' ? 'no' : 'yes'],
    ...section(appendOnly !== 'off', [['appendfsync', appendOnly === 'off' ? '' : appendOnly.fsync]]),
    // A line each: all of them in one is not for every version.
    ...(rules.length > 0 ? rules.map((rule): Directive => ['save', rule]) : [['save', '""'] as const]),
  ];
}

/** One word of a directive, as the engine's parser reads it (`sdssplitargs`). */
const quoted = (word: string): string => (/^[\w.:/=,-]+$/.test(word) ? word : `"${word.replace(/["\\]/g, '\\$&')}"`);

const clustering = (
  { engine, tls }: ServerConfigProps,
  { nodeTimeoutMs, announcesNames }: Clustering,
): readonly Directive[] => [
  ['cluster-enabled', 'yes'],
  ['cluster-config-file', 'nodes.conf'],
  ['cluster-node-timeout', nodeTimeoutMs],
  // A replica belongs to the StatefulSet of its shard; one that moved would leave a primary there without any.
  can(engine, 'allowReplicaMigration')
    ? ['cluster-allow-replica-migration', 'no']
    : ['cluster-migration-barrier', 999_999],
  // Certificates hold names, so redirects must; and clients from outside can do nothing with the addresses of pods.
  ...section(can(engine, 'announceHostname'), [
    ['cluster-preferred-endpoint-type', tls !== 'off' || announcesNames === true ? 'hostname' : 'ip'],
  ]),
];
