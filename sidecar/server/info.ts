import type { ServerUp } from '../view';

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
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    role: replica ? 'replica' : 'primary',
    loading: fields.get('loading') === '1',
    offset: replica ? number('slave_repl_offset') : number('master_repl_offset'),
    linkUp: !replica || fields.get('master_link_status') === 'up',
    linkSilentSeconds: replica
      ? Math.max(number('master_link_down_since_seconds'), number('master_last_io_seconds_ago'), 0)
      : 0,
    connectedReplicas: number('connected_slaves'),
    connectedClients: number('connected_clients'),
    usedMemoryBytes: number('used_memory'),
    maxMemoryBytes: number('maxmemory'),
  };
}
