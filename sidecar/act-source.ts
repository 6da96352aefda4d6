import type { SourceAction } from './action-source';
import type { NodeHome, Server } from './edges';
import type { Primacy } from './primacy';
import { copyOf } from './record';
import { closed } from './steps/replication/floor';
import { running } from './steps/replication/copies';
import { gateHost } from './view-source';

/** What it takes to follow a primary elsewhere, and to follow it no more. */
export interface SourceHands {
  /** Beside this agent. */
  readonly server: Server;
  readonly home: Pick<NodeHome, 'rememberSource'>;
  /** Where the agents decide who is primary. */
  readonly primacy?: Primacy;
}

/** Rejects with the reason where it could not be done. */
export async function actOnSource(action: SourceAction, hands: SourceHands): Promise<void> {
  const { server, home, primacy } = hands;
  switch (action.do) {
    case 'follow-source':
      if (primacy) {
        await server.roles.setFloor(closed);
        primacy.setOpen(false);
      }
      return server.roles.follow({ ip: gateHost, client: action.port });
    case 'note-source':
      return action.base ? noteInRecord(action.name, action.base, primacy!) : home.rememberSource(action.name);
    case 'lead-alone': {
      await server.roles.lead();
      const now = running(await server.look());
      if (now?.role !== 'primary' || now.copy.source) throw new Error('the server follows its source still');
      return;
    }
  }
}

async function noteInRecord(
  name: string | undefined,
  base: Parameters<Primacy['swap']>[0],
  primacy: Primacy,
): Promise<void> {
  if (await primacy.swap(base, copyOf(name, base))) return;
  throw new Error('somebody else has changed the record of who is primary');
}
