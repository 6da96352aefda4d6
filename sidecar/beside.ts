import type { Edges } from './agent';
import type { Server } from './edges';
import { createModuleWatch } from './modules';
import { createOrders } from './orders';
import { createOutside } from './outside';
import { ownNode } from './own-node';
import type { Primacy } from './primacy';
import { createRestorer } from './restore/restorer';
import { createWay } from './source/way';

/** What an agent looks at and does beside its cycles, each in a loop of its own. */
export function createBeside(edges: Edges, office: { readonly primacy?: Primacy }, wake: () => void) {
  const { clock, log, gate, bring, identity } = edges;
  const config = edges.config.current;
  const server = () => ownServer(edges);
  const orders = createOrders({ ...edges, config, self: identity.node });
  const outside = createOutside({ ...edges, config, self: identity.node });
  const way = gate && createWay({ ...edges, ...office, gate, config, server });
  const restorer = bring && createRestorer(bring, clock, log, wake);
  const modules = createModuleWatch({ ...edges, config, server });
  return {
    server,
    watches: {
      ...{ orders, outside, modules },
      ...(way ? { source: way.look } : {}),
      ...(restorer ? { restoring: restorer.view } : {}),
    },
    hands: restorer ? { restorer } : {},
    loops: [orders.loop, outside.loop, ...(way ? [way.loop] : []), ...(restorer ? [restorer] : [])],
  };
}

async function ownServer({ config, identity, servers, ownAddress }: Edges): Promise<Server> {
  return servers.of(ownNode(config.current(), identity.node).node, await ownAddress());
}
