import type { NodeStep } from '../step';
import { wait } from '../step';
import { nodeOf, others, ownOffice } from '../replication/copies';
import { heirsOf, lastResorts } from '../replication/copies';
import { patienceMs } from '../takeover';
import { choiceOf, isChanging, isPromoted, watchersOf } from './choice';

/**
 * Has a Sentinel replace the own node at once when the server beside this agent has died as the primary: its agent is the one who lets it
 * start again, and so knows that it takes no writes. The Sentinel chooses who takes over.
 */
export const askFailover: NodeStep = (view, { persistence, ...config }) => {
  const record = ownOffice(view);
  const { database, server, permitted, disk, heldMs, name } = view;
  if (!record || !database || server.state !== 'absent' || permitted || !view.primacy!.fresh) return [];
  if (disk.hasData && heldMs > patienceMs({ persistence, ...config })) return [];
  const choice = choiceOf(database);
  if (!choice) return [];
  if (isChanging(database)) return wait('held: a Sentinel is replacing it');
  if (choice.node?.name !== name) {
    return isPromoted(choice.node, record) ? wait(`held: the Sentinels have chosen ${choice.node!.name}`) : [];
  }
  const lost = (!disk.hasData || persistence === 'off') && others(database, name).every(({ agent }) => agent);
  const heirs = [...heirsOf(record, database, heldMs), ...(lost ? lastResorts(record, database) : [])];
  const able = watchersOf(database).find(({ watch }) => watch.epoch === choice.watch.epoch);
  return heirs.length > 0 && able && nodeOf(database, name)
    ? [{ do: 'ask-failover', node: able.name, from: name }]
    : [];
};
