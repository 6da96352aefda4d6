import type { MemberAction, MeshAction } from './action';
import type { Server } from './edges';

/** Tells one server what concerns it alone, as a member of a cluster or of a mesh. */
export async function actOnServer(action: MemberAction | MeshAction, server: Server): Promise<void> {
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
