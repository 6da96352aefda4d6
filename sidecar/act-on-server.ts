import type { MemberAction, MeshAction } from './action';
import type { Server } from './edges';

/** What one server of a cluster is told. */
export async function actOnMember(action: MemberAction, server: Server): Promise<void> {
  switch (action.do) {
    case 'set-epoch':
      return server.setConfigEpoch(action.epoch);
    case 'set-node-timeout':
      return server.setNodeTimeout(action.ms);
    case 'assign-slots':
      return server.addSlots(action.slots);
    case 'meet':
      return server.meet(action.at);
    case 'replicate':
      return server.replicate(action.primaryId);
    case 'set-replication-user':
      return server.setReplicationUser(action.user);
    case 'set-replicas-to-write':
      return server.setDirective('min-replicas-to-write', `${action.replicas}`);
    case 'promote':
      return server.promote();
  }
}

/** What a node of a mesh is told of the others. */
export async function actOnMesh(action: MeshAction, server: Server): Promise<void> {
  switch (action.do) {
    case 'link':
      return server.link(action.host, action.port);
    case 'unlink':
      return server.unlink(action.host, action.port);
    case 'relink':
      // Without the second step there is no link, which the next look at the mesh puts right.
      await server.unlink(action.host, action.port);
      return server.link(action.host, action.port);
    case 'refuse-writes':
      return server.refuseWrites();
  }
}
