import type { AgentConfig } from '../../lib/contract/agent-config';
import { can } from '../../lib/contract/engines';
import { exporterUserLine } from './exporter-access';

/** What only the node itself knows. */
export interface NodeFacts {
  /** The node's own address, '' where the server is to find it out. */
  readonly ip: string;
  readonly host: string;
  /** Passwords by user; empty where auth is off. */
  readonly passwords: { readonly client?: string; readonly replication?: string; readonly exporter?: string };
}

/**
 * The directives that cannot be in Git: secrets, and the address of this pod. Written before the server may start, so
 * that a password holds from the first millisecond a port is open.
 */
export function renderNodeConfig(config: AgentConfig, facts: NodeFacts): string {
  const lines: [string, string][] = [];
  if (config.topology === 'cluster') {
    if (facts.ip) lines.push(['cluster-announce-ip', facts.ip]);
    if (can(config.engine, 'announceHostname')) lines.push(['cluster-announce-hostname', facts.host]);
  }
  const { client, replication, exporter } = facts.passwords;
  if (client !== undefined) lines.push(['requirepass', client]);
  if (config.auth !== 'off' && replication !== undefined) {
    if (config.auth.replication.user !== 'default') lines.push(['masteruser', config.auth.replication.user]);
    lines.push(['masterauth', replication]);
  }
  const users =
    config.auth !== 'off' && config.auth.exporter && exporter !== undefined
      ? [exporterUserLine(config.auth.exporter, exporter)]
      : [];
  return [...lines.map(([directive, value]) => `${directive} ${quote(value)}\n`), ...users].join('');
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
