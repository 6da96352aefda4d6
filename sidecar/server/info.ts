import type { CopyView, Place, ServerUp, SourceLink } from '../view';
import { gateHost } from '../view-source';

/** Parses `INFO` and `CLUSTER INFO`: lines of `field:value`. */
export function parseFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/**
 * The facts we use of `INFO`, all sections together.
 *
 * Source: https://valkey.io/commands/info/
 */
export function parseInfo(text: string): Omit<ServerUp, 'state' | 'cluster'> {
  const fields = parseFields(text);
  const number = (field: string) => Number(fields.get(field) ?? 0);
  const replica = fields.get('role') === 'slave';
  const leads = !replica || fields.get('master_host') === gateHost;
  return {
    ...(fields.has('valkey_version') ? { engine: 'valkey' as const } : {}),
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    role: leads ? 'primary' : 'replica',
    loading: fields.get('loading') === '1',
    offset: replica ? number('slave_repl_offset') : number('master_repl_offset'),
    linkUp: leads || fields.get('master_link_status') === 'up',
    linkSilentSeconds: leads ? 0 : silenceOf(fields),
    connectedReplicas: number('connected_slaves'),
    connectedClients: number('connected_clients'),
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
  };
}

/** How the server copies, by the same sections of `INFO` and by `keyspace`. */
export function parseCopy(text: string): Omit<CopyView, 'floor'> {
  const fields = parseFields(text);
  return {
    history: fields.get('master_replid') ?? '',
    ...parseSource(fields),
    // A primary does not say it.
    priority: Number(fields.get('slave_priority') ?? 100),
    keys: countKeys(fields),
  };
}

/** All keys, by `INFO keyspace`, which leaves out databases without any: `db0:keys=7,expires=0,avg_ttl=0`. */
export function countKeys(fields: ReadonlyMap<string, string>): number {
  const counts = [...fields].map(([name, text]) =>
    /^db\d+$/.test(name) ? Number(/^keys=(\d+)/.exec(text)?.[1] ?? 0) : 0,
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Where a replica copies from; nothing of a primary. */
export function parseSource(fields: ReadonlyMap<string, string>): Pick<CopyView, 'from' | 'source'> {
  const ip = fields.get('master_host');
  if (ip === undefined) return {};
  const from: Place = { ip, client: Number(fields.get('master_port')) };
  return ip === gateHost ? { source: parseSourceLink(fields, from.client) } : { from };
}

function parseSourceLink(fields: ReadonlyMap<string, string>, port: number): SourceLink {
  const copying = fields.get('master_sync_in_progress') === '1';
  return {
    port,
    up: fields.get('master_link_status') === 'up',
    silentSeconds: silenceOf(fields),
    ...(copying ? { copiedBytes: Math.max(0, Number(fields.get('master_sync_read_bytes') ?? 0)) } : {}),
  };
}

/** What stands for a link that was never up. Seconds. */
const never = 1_000_000_000;

function silenceOf(fields: ReadonlyMap<string, string>): number {
  const up = fields.get('master_link_status') === 'up';
  const seconds = Number(fields.get(up ? 'master_last_io_seconds_ago' : 'master_link_down_since_seconds') ?? -1);
  // Before Redis 7 a link that was never up is silent since 1970.
  if (seconds >= 0) return Math.min(seconds, never);
  return up ? 0 : never;
}
