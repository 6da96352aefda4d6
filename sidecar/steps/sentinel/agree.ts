import { noteCopies } from '../replication/serve';
import { ownOffice } from '../replication/copies';
import { permitReplicated } from '../replication/permit-replicated';
import { wait, type NodeStep } from '../step';
import { choiceOf, isChanging, isPromoted } from './choice';

/** As {@link permitReplicated}; a primary waits too while the Sentinels are about to have another. */
export const permitWatched: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const held = view.server.state === 'absent' && !view.permitted;
  if (record && held && view.database) {
    if (isChanging(view.database)) return wait('held: a Sentinel is replacing it');
    const chosen = choiceOf(view.database)?.node;
    if (isPromoted(chosen, record)) return wait(`held: the Sentinels have chosen ${chosen!.name}`);
  }
  return permitReplicated(view, config);
};

/** As {@link noteCopies}, but not while the Sentinels have made one of them primary: who may succeed is what they chose from. */
export const noteWatched: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const promoted = record && view.database?.nodes.find((node) => isPromoted(node, record));
  return promoted ? wait(`a Sentinel has made ${promoted.name} primary`) : noteCopies(view, config);
};
