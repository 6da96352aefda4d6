import type { AgentConfig } from '../../lib/contract/agent-config';
import { can, hasRecord } from '../../lib/contract/engines';
import type { SignIn } from '../accounts/sign-in';
import type { StartRole } from '../action';
import type { Address } from '../view';
import { priorityDirective } from '../priority';
import { closed } from '../steps/replication/floor';

/** What only the node itself knows. */
export interface NodeFacts {
  readonly name: string;
  /** The node's own address, '' where the server is to find it out. */
  readonly ip: string;
  readonly host: string;
  /** What a Sentinel calls itself. */
  readonly id?: string;
  /** Where everybody else is told that it is, where that is an address of its own. */
  readonly announced?: Address;
  /** As whom the server signs in where it copies. */
  readonly signIn: SignIn;
  /** Where the file of everybody whom the server lets in is. */
  readonly accountsFile: string;
  /** Where it says as what the server starts. */
  readonly roleFile: string;
}

type Directive = readonly [name: string, ...values: string[]];

/**
 * The directives that cannot be in Git: secrets, and the address of this pod. Written before the server may start, so
 * that a password holds from the first millisecond a port is open.
 */
export function renderNodeConfig(config: AgentConfig, facts: NodeFacts): string {
  const priority =
    config.replicaPriorities?.[facts.name] === undefined ? undefined : priorityDirective(config, facts.name);
  const lines: Directive[] = [
    ...announcements(config, facts),
    ...(priority ? [priority] : []),
    ['aclfile', facts.accountsFile],
    // A server lets in the replicas of its own shard and no others.
    ['masteruser', facts.signIn.user],
    ['masterauth', facts.signIn.password],
    ...(config.topology === 'standalone' || hasRecord(config.topology) ? [['include', facts.roleFile] as const] : []),
  ];
  return render(lines);
}

const render = (lines: readonly Directive[]): string =>
  lines.map(([directive, ...values]) => `${[directive, ...values.map(quote)].join(' ')}\n`).join('');

/**
 * As what a server starts. A replica follows somebody from its first moment, so that nobody who follows its address copies an empty
 * primary; and nobody takes writes before its agent says so.
 */
export const renderStartRole = (role: StartRole): string => {
  if (role === 'alone') return '';
  const floor: Directive[] = role !== 'primary' && role.alone ? [] : [['min-replicas-to-write', `${closed}`]];
  return render([
    ...floor,
    ...(role === 'primary' ? [] : [['replicaof', role.follow.ip, `${role.follow.client}`] as const]),
  ]);
};

/** The same of a Sentinel. It is who it was before, whatever became of its files: the others would count a new one beside the old. */
export function renderSentinelNode(_config: AgentConfig, facts: NodeFacts): string {
  const { announced, signIn, accountsFile, id = '' } = facts;
  return render([
    ['aclfile', accountsFile],
    ['sentinel', 'myid', id],
    ...(announced ? announcedSentinel(announced) : []),
    ['sentinel', 'sentinel-user', signIn.user],
    ['sentinel', 'sentinel-pass', signIn.password],
  ]);
}

const announcedSentinel = ({ ip, client }: Address): Directive[] => [
  ['sentinel', 'announce-ip', ip],
  ['sentinel', 'announce-port', `${client}`],
];

function announcements({ topology, engine }: AgentConfig, { ip, host, announced }: NodeFacts): Directive[] {
  if (announced && topology === 'sentinel') {
    return [
      ['replica-announce-ip', announced.ip],
      ['replica-announce-port', `${announced.client}`],
    ];
  }
  if (topology !== 'cluster') return [];
  const address: Directive[] = ip ? [['cluster-announce-ip', ip]] : [];
  return can(engine, 'announceHostname') ? [...address, ['cluster-announce-hostname', host]] : address;
}

/** A configuration value with any bytes in it: https://github.com/valkey-io/valkey/blob/unstable/src/sds.c (sdssplitargs). */
export function quote(value: string): string {
  const bytes = [...Buffer.from(value, 'utf8')];
  const escaped = bytes.map((byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
