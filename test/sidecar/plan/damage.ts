import { slotCount } from '../../../lib/contract/slot-count';
import { countSlots } from '../../../sidecar/slots';
import { fc } from '../../chance';
import { createStore } from '../../simulation/server/store';
import { startServer, stopServer } from '../../simulation/server/server';
import { command, type Command } from '../../simulation/server/look';
import { votes } from '../../simulation/engine/state';
import { isLinked } from '../../simulation/server/replication';
import { claimedSlots, freshIp, restart, type Model, type ModelNode } from './model';

/** Something that happens to a database. Nodes are chosen by number, whatever number there is. */
export type Damage =
  /** The server ends and comes back, with its volume or without. */
  | { readonly happens: 'restart'; readonly node: number; readonly wiped: boolean; readonly moves: boolean }
  /** Nodes come back at addresses that others of them had, or at new ones. */
  | { readonly happens: 'readdress'; readonly nodes: readonly number[]; readonly reuse: boolean }
  /** A node of one shard is made to follow another shard's primary. Only once all slots are owned: a node that follows can own none. */
  | { readonly happens: 'cross'; readonly node: number; readonly primary: number }
  /** A replica takes its primary's slots over. */
  | { readonly happens: 'failover'; readonly node: number }
  /** A server that is no node of the database joins, and goes for good. */
  | { readonly happens: 'ghost'; readonly node: number }
  /** Two servers are introduced to each other. */
  | { readonly happens: 'meet'; readonly node: number; readonly peer: number };

const index = fc.nat(30);

/** Any damage. */
export const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ happens: fc.constant('restart' as const), node: index, wiped: fc.boolean(), moves: fc.boolean() }),
  fc.record({
    happens: fc.constant('readdress' as const),
    nodes: fc.uniqueArray(index, { minLength: 1, maxLength: 9 }),
    reuse: fc.boolean(),
  }),
  fc.record({ happens: fc.constant('cross' as const), node: index, primary: index }),
  fc.record({ happens: fc.constant('failover' as const), node: index }),
  fc.record({ happens: fc.constant('ghost' as const), node: index }),
  fc.record({ happens: fc.constant('meet' as const), node: index, peer: index }),
);

/** Makes it happen. */
export function inflict(model: Model, what: Damage): void {
  const at = (number: number): ModelNode => model.nodes[number % model.nodes.length]!;
  switch (what.happens) {
    case 'restart': {
      const node = at(what.node);
      const ip = what.moves ? { ip: freshIp() } : {};
      restart(model, node, { ...ip, wiped: what.wiped && isExpendable(model, node) });
      return;
    }
    case 'readdress': {
      readdress(model, [...new Set(what.nodes.map(at))], what.reuse);
      return;
    }
    case 'cross':
      if (countSlots(claimedSlots(model)) < slotCount) return;
      {
        const { engine, admits } = at(what.primary).server;
        attempt(model, at(what.node), { do: 'setReplicationUser', user: admits });
        attempt(model, at(what.node), { do: 'replicate', id: engine.myself.id });
        return;
      }
    case 'failover': {
      attempt(model, at(what.node), { do: 'failover', force: false });
      return;
    }
    case 'ghost': {
      haunt(model, at(what.node));
      return;
    }
    case 'meet': {
      attempt(model, at(what.node), { do: 'meet', ip: at(what.peer).place.ip });
      return;
    }
  }
}

/** Who is away, by the numbers of nodes. */
export interface Absence {
  readonly silent: readonly number[];
  readonly stopped: readonly number[];
  readonly replaced: readonly number[];
}

/** Takes nodes away for a while. At the address of a replaced one answers a server with a cluster of its own. */
export function disguise(model: Model, { silent, stopped, replaced }: Absence): readonly ModelNode[] {
  const { ground, nodes } = model;
  const chosen = (numbers: readonly number[]) => [...new Set(numbers.map((number) => nodes[number % nodes.length]!))];
  for (const node of chosen(silent)) node.vouched = false;
  const away = chosen([...stopped, ...replaced]);
  for (const node of away) stopServer(ground, node.server, 'ended');
  // A MEET that is under way would join whoever has the address by now: nothing but time helps against that.
  model.advance(2 * ground.nodeTimeoutMs);
  for (const node of chosen(replaced)) {
    node.vouched = false;
    node.impostor = true;
    startServer(ground, node.place, { hostname: 'elsewhere', user: 'elsewhere' }, createStore(true));
  }
  return away;
}

/** Brings everybody back who was taken away. */
export function unmask(model: Model, away: readonly ModelNode[]): void {
  for (const node of model.nodes) [node.vouched, node.impostor] = [true, false];
  for (const node of away) {
    if (node.place.server) stopServer(model.ground, node.place.server, 'ended');
    restart(model, node, {});
  }
}

/** A node may lose its volume where another has all of its data. */
function isExpendable({ nodes }: Model, { server }: ModelNode): boolean {
  const { id, primaryId, role } = server.engine.myself;
  if (!votes(server.engine.myself))
    return role === 'replica' && nodes.some((node) => node.server.engine.myself.id === primaryId);
  return nodes.some((node) => node.server.engine.myself.primaryId === id && isLinked(node.server));
}

function readdress(model: Model, moved: readonly ModelNode[], reuse: boolean): void {
  const old = moved.map((node) => node.place.ip);
  const next = reuse ? [...old.slice(1), old[0]!] : old.map(freshIp);
  for (const node of moved) {
    stopServer(model.ground, node.server, 'ended');
    model.ground.network.close(node.place);
  }
  moved.forEach((node, position) => restart(model, node, { ip: next[position]! }));
}

/** What the server refuses does not happen. */
function attempt(model: Model, node: ModelNode, order: Command): void {
  try {
    command(node.server, order, model.ground.timeline.now());
  } catch (error) {
    if (!/^(ERR|LOADING) /.test((error as Error).message)) throw error;
  }
}

function haunt(model: Model, node: ModelNode): void {
  const { ground } = model;
  const host = { name: `host of a ghost`, zone: '', on: true, group: 0 };
  const place = { ip: freshIp(), host };
  ground.network.open(place);
  const ghost = startServer(ground, place, { hostname: '', user: 'nobody' }, createStore(true));
  model.advance(100);
  attempt(model, node, { do: 'meet', ip: place.ip });
  model.advance(1500);
  stopServer(ground, ghost, 'ended');
  ground.network.close(place);
}
