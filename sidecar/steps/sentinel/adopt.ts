import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DatabaseView, PrimaryRecord } from '../../view';
import { nodeOf, others, ownOffice, running } from '../replication/copies';
import { awaitFence } from '../replication/serve';
import { closed } from '../replication/floor';
import { wait, type NodeStep } from '../step';
import { choiceOf, isChanging, leaderChoiceOf } from './choice';

/**
 * What the Sentinels have decided becomes the record: the own server, made primary by one of them, has its agent appoint it. Until then it
 * takes no writes. One that was made primary and is not their choice any more goes on to follow.
 */
export const adopt: NodeStep = (view, config) => {
  const { name, primacy, database } = view;
  const record = primacy?.record;
  if (!record || record.epoch === 0 || record.primary === name || running(view.server)?.role !== 'primary') return [];
  if (!database) return wait('it was made primary, and the Sentinels have not been looked at yet');
  const choice = choiceOf(database);
  if (!choice) return wait('it is a primary, and most Sentinels do not say whose choice that is');
  if (choice.node?.name !== name && leaderChoiceOf(database)?.name !== name) {
    return isChanging(database) ? wait('a Sentinel is making it primary, and has not told the others yet') : [];
  }
  if (!record.inSync.includes(name) && !isLost(record, database, config)) {
    return wait(`the Sentinels have chosen it, and ${record.primary} may have confirmed what it does not have`);
  }
  if (!primacy.fresh) return wait('the Sentinels have chosen it, and the record of who is primary cannot be read');
  return [{ do: 'appoint', node: name, from: record.primary, epoch: record.epoch + 1, vacated: false, base: record }];
};

/** The primary's data is gone for good, and all others can be seen. */
function isLost({ primary }: PrimaryRecord, view: DatabaseView, { persistence }: AgentConfig): boolean {
  const agent = nodeOf(view, primary)?.agent;
  const gone = agent?.server === 'held' && (!agent.disk.hasData || persistence === 'off');
  return gone && others(view, primary).every((node) => node.agent !== undefined);
}

/** A server that a Sentinel made primary waits, closed, until the one before can take no writes any more. */
export const hold: NodeStep = (view, config) => {
  const record = ownOffice(view);
  const own = running(view.server);
  return record && own?.role === 'primary' && own.copy.floor === closed ? awaitFence(view, record, config) : [];
};
