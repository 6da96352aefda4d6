/** Small builders of what the agent sees, for tests that name only what matters to them. */
import type { ClusterView, ServerUp, TableEntry } from '../../../sidecar/view';

/** A line of a table: a connected, healthy primary without slots unless told. */
export const entry = (id: string, rest: Partial<TableEntry> = {}): TableEntry => ({
  id,
  ip: `ip of ${id}`,
  client: 6379,
  bus: 16379,
  hostname: `${id}.db`,
  myself: false,
  role: 'primary',
  health: 'ok',
  handshake: false,
  connected: true,
  configEpoch: 1,
  slots: [],
  openSlots: [],
  ...rest,
});

/** What a server says of its cluster; the line of its own id is marked as its own. */
export const cluster = (id: string, table: readonly TableEntry[], rest: Partial<ClusterView> = {}): ClusterView => ({
  id,
  ok: true,
  nodeTimeoutMs: 5000,
  currentEpoch: 9,
  slotsAssigned: 16384,
  table: table.map((line) => (line.id === id ? { ...line, myself: true } : line)),
  ...rest,
});

/** A server that answers, with the role that its own line of the table names. */
export function up(view: ClusterView, rest: Partial<ServerUp> = {}): ServerUp {
  return {
    state: 'up',
    version: '8.1.0',
    role: view.table.find(({ myself }) => myself)?.role ?? 'primary',
    loading: false,
    offset: 100,
    linkUp: true,
    linkSilentSeconds: 0,
    connectedReplicas: 0,
    connectedClients: 0,
    usedMemoryBytes: 0,
    maxMemoryBytes: 0,
    cluster: view,
    ...rest,
  };
}
