import { compareVersions, type Engine } from '../../contract/engines';
import { canLoad } from '../../contract/data-format';
import type { Change } from '../change';
import { refused, type Rule } from './rule';

const format = ({ name, version }: Engine): string => `${name} ${version}`;

/** Nodes of another arrangement do not take over from those that run. */
export const changesTopology: Rule = ({ old, new: now }) =>
  old.facts.topology === now.facts.topology
    ? []
    : [
        refused(
          `topology ${old.facts.topology} -> ${now.facts.topology}`,
          'data does not move from one topology to another; make a database of another name beside this one and move clients to it',
        ),
      ];

/** New versions have to read what old ones have written: from their volumes, and as replicas from their primaries. */
export const changesEngine: Rule = ({ old, new: now }) => {
  const [from, to] = [old.facts.engine, now.facts.engine];
  if (from.name === to.name && from.version === to.version) return [];
  const what = `${format(from)} -> ${format(to)}`;
  if (canLoad(to, from)) return canLoad(from, to) ? [] : [noWayBack(what, from, to)];
  const older = from.name === to.name && compareVersions(to.version, from.version) < 0;
  return [
    refused(
      `${what}: ${format(to)} cannot load what ${format(from)} has written`,
      older
        ? `stay on ${format(from)}, or restore a backup that ${format(to)} wrote into a new database`
        : 'make a database of another name beside this one and let a client copy the keys',
    ),
  ];
};

/** No harm in itself: pods are replaced, which is another rule's to say. */
const noWayBack = (what: string, from: Engine, to: Engine): Change => ({
  effect: 'restart',
  what: `${what} has no way back: ${format(from)} cannot load what ${format(to)} writes`,
  notes: ['take a backup first; from the first new primary on, a roll-out that fails stops instead of going back'],
});
