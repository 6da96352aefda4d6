import type { AgentConfig } from '../../lib/contract/agent-config';
import { can } from '../../lib/contract/engines';
import type { SignIn } from '../accounts/sign-in';
import type { StartRole } from '../action';
import { closed } from '../steps/replication/floor';

/** What only the node itself knows. */
export interface NodeFacts {
  /** The node's own address, '' where the server is to find it out. */
  readonly ip: string;
  readonly host: string;
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
  const lines: Directive[] = [
    ...announcements(config, facts),
    ['aclfile', facts.accountsFile],
    // A server lets in the replicas of its own shard and no others.
    ['masteruser', facts.signIn.user],
    ['masterauth', facts.signIn.password],
    ...(config.topology === 'replication' ? [['include', facts.roleFile] as const] : []),
  ];
  return render(lines);
}

const render = (lines: readonly Directive[]): string =>
  lines.map(([directive, ...values]) => `${[directive, ...values.map(quote)].join(' ')}\n`).join('');

/**
 * As what a server starts. A replica follows somebody from its first moment, so that nobody who follows its address copies an empty
 * primary; and nobody takes writes before its agent says so.
 */
export const renderStartRole = (role: StartRole): string =>
  render([
    ['min-replicas-to-write', `${closed}`],
    ...(role === 'primary' ? [] : [['replicaof', role.follow.ip, `${role.follow.client}`] as const]),
  ]);

function announcements({ topology, engine }: AgentConfig, { ip, host }: NodeFacts): Directive[] {
  if (topology !== 'cluster') return [];
  const announced: Directive[] = ip ? [['cluster-announce-ip', ip]] : [];
  return can(engine, 'announceHostname') ? [...announced, ['cluster-announce-hostname', host]] : announced;
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
