import { createHash } from 'node:crypto';

import type { AgentConfig } from '../../lib/contract/agent-config';
import { can } from '../../lib/contract/engines';
import { exporterUserLine } from './exporter-access';

/** What only the node itself knows. */
export interface NodeFacts {
  /** The node's own address, '' where the server is to find it out. */
  readonly ip: string;
  readonly host: string;
  /** As whom the replicas of its shard sign in. */
  readonly replicationUser: string;
  /** Absent where auth is off. */
  readonly passwords?: { readonly client: string; readonly replication: string; readonly exporter?: string };
}

type Directive = readonly [name: string, ...values: string[]];

/**
 * The directives that cannot be in Git: secrets, and the address of this pod. Written before the server may start, so
 * that a password holds from the first millisecond a port is open.
 */
export function renderNodeConfig(config: AgentConfig, facts: NodeFacts): string {
  const lines = [...announcements(config, facts), ...replication(facts)];
  if (facts.passwords) lines.push(['requirepass', facts.passwords.client]);
  return (
    lines.map(([directive, ...values]) => `${[directive, ...values.map(quote)].join(' ')}\n`).join('') +
    exporter(config, facts)
  );
}

function announcements({ topology, engine }: AgentConfig, { ip, host }: NodeFacts): Directive[] {
  if (topology !== 'cluster') return [];
  const announced: Directive[] = ip ? [['cluster-announce-ip', ip]] : [];
  return can(engine, 'announceHostname') ? [...announced, ['cluster-announce-hostname', host]] : announced;
}

/**
 * Lets in the replicas of the own shard and no others, as a user that can do nothing else: https://valkey.io/topics/acl/
 * A replica without a password would not say its user either.
 */
function replication({ replicationUser: user, passwords }: NodeFacts): Directive[] {
  const proof = passwords ? `#${createHash('sha256').update(passwords.replication).digest('hex')}` : 'nopass';
  return [
    ['user', user, 'on', proof, '-@all', '+psync', '+replconf', '+ping'],
    ['masteruser', user],
    ['masterauth', passwords?.replication ?? user],
  ];
}

const exporter = ({ auth }: AgentConfig, { passwords }: NodeFacts): string =>
  auth !== 'off' && auth.exporter && passwords?.exporter !== undefined
    ? exporterUserLine(auth.exporter, passwords.exporter)
    : '';

/** A configuration value with any bytes in it: https://github.com/valkey-io/valkey/blob/unstable/src/sds.c (sdssplitargs). */
export function quote(value: string): string {
  const bytes = [...Buffer.from(value, 'utf8')];
  const escaped = bytes.map((byte) => {
    const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
    return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `"${escaped.join('')}"`;
}
