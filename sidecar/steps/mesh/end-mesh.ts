import type { Action } from '../../action';
import type { DatabaseView, OwnView } from '../../view';
import { linkTo, mates, serves } from './mates';
import { wait, type NodeStep } from '../step';

/** Lets the own pod end once another node has every write that this one has answered. Where all nodes are ending, nothing is waited for. */
export const endMesh: NodeStep = (view) => {
  if (!view.stopping) return [];
  if (view.released) return wait('ending');
  if (!view.told) return [{ do: 'tell-ending', node: view.name }];
  if (view.server.state === 'absent') return release(view, 'its server does not run');
  if (!view.database) return wait('ending: the other nodes have not been looked at yet');
  const others = view.database.nodes.filter(({ name }) => name !== view.name);
  if (others.every(({ ending }) => ending)) return release(view, 'every other node is ending too');
  return passOn(view, view.database);
};

const release = (view: OwnView, why: string): readonly Action[] => [{ do: 'release', node: view.name, why }];

function passOn(view: OwnView, database: DatabaseView): readonly Action[] {
  const { name, server, address, joined } = view;
  if (server.state !== 'up') return wait('ending: the own server does not answer');
  if (joined !== true) return release(view, 'no client was sent to it yet');
  const linked = mates(database).flatMap((mate) => {
    const link = mate.name !== name && serves(mate) && address ? linkTo(mate.server, address) : undefined;
    return link?.up ? [{ mate, link }] : [];
  });
  if (linked.length === 0) return wait('ending: no other node receives what this one writes');
  if (!server.refusesWrites) return [{ do: 'refuse-writes', node: name }];
  // The own offset was read when no client could write any more, and before the others were looked at.
  const done = linked.find(({ link }) => link.offset >= server.offset);
  return done
    ? release(view, `${done.mate.name} has all of its writes`)
    : wait('ending: its last writes are on their way');
}
