import type { CopyView, Place, ServerUp } from '../view';

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
  return {
    ...(fields.has('valkey_version') ? { engine: 'valkey' as const } : {}),
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    role: replica ? 'replica' : 'primary',
    loading: fields.get('loading') === '1',
    offset: replica ? number('slave_repl_offset') : number('master_repl_offset'),
    linkUp: !replica || fields.get('master_link_status') === 'up',
    linkSilentSeconds: replica ? silenceOf(fields) : 0,
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
    // Databases without keys are left out.
    empty: ![...fields.keys()].some((field) => /^db\d+$/.test(field)),
  };
}

/** Where a replica copies from; nothing of a primary. */
export function parseSource(fields: ReadonlyMap<string, string>): { readonly from?: Place } {
  const ip = fields.get('master_host');
  return ip === undefined ? {} : { from: { ip, client: Number(fields.get('master_port')) } };
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
