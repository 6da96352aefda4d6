import { addSlots, failover, forget, meet, promote, replicate, setConfigEpoch } from '../engine/commands';
import { discardSlots } from '../engine/strays';
import { view } from '../engine/table';
import type { ServerUp, SlotRange } from '../../../sidecar/view';
import { dataAgeMs, isLinked } from './replication';
import { isServing, type Server } from './server';

/** What stands for a link that was never up. Seconds. */
const never = 1_000_000_000;

/** What `INFO`, `CLUSTER INFO` and `CLUSTER NODES` of a running server say, parsed. */
export function look(server: Server, now: number): ServerUp {
  const { engine, replication } = server;
  const { role } = engine.myself;
  const loading = !isServing(server, now);
  const ageMs = dataAgeMs(server, now);
  return {
    state: 'up',
    version: '8.1.0',
    role,
    loading,
    offset: replication.offset,
    linkUp: role === 'primary' || isLinked(server),
    linkSilentSeconds: role === 'primary' ? 0 : ageMs === Infinity ? never : Math.floor(ageMs / 1000),
    connectedReplicas: replication.acknowledged.size,
    connectedClients: 0,
    usedMemoryBytes: 0,
    maxMemoryBytes: 0,
    ...(loading ? {} : { cluster: { ...view(engine), replicationUser: server.signsInAs } }),
  };
}

/** Something an agent can have a server do. */
export type Command =
  | { readonly do: 'setConfigEpoch'; readonly epoch: number }
  | { readonly do: 'setNodeTimeout'; readonly ms: number }
  | { readonly do: 'addSlots'; readonly slots: readonly SlotRange[] }
  | { readonly do: 'meet'; readonly ip: string }
  | { readonly do: 'replicate'; readonly id: string }
  | { readonly do: 'setReplicationUser'; readonly user: string }
  | { readonly do: 'failover'; readonly force: boolean }
  | { readonly do: 'promote' }
  | { readonly do: 'forget'; readonly id: string }
  | { readonly do: 'discard'; readonly slots: readonly number[] };

/** Does it, or throws what the server would say. */
export function command(server: Server, order: Command, now: number): void {
  if (!isServing(server, now)) throw new Error('LOADING server is loading the dataset in memory');
  const { engine } = server;
  engine.now = now;
  if (order.do === 'setConfigEpoch') setConfigEpoch(engine, order.epoch);
  else if (order.do === 'setNodeTimeout') engine.nodeTimeoutMs = order.ms;
  else if (order.do === 'addSlots') addSlots(engine, order.slots);
  else if (order.do === 'meet') meet(engine, order.ip);
  else if (order.do === 'replicate') replicate(engine, order.id);
  else if (order.do === 'setReplicationUser') server.signsInAs = order.user;
  else if (order.do === 'failover') failover(engine, order.force);
  else if (order.do === 'promote') promote(engine);
  else if (order.do === 'forget') forget(engine, order.id);
  else discardSlots(engine, order.slots);
}
