import type { Change } from '../change';
import { refused, type Rule } from './rule';

const change = (effect: Change['effect'], what: string, ...notes: readonly string[]): Change => ({
  effect,
  what,
  notes,
});

const added = (old: readonly string[], now: readonly string[]): string[] => now.filter((name) => !old.includes(name));

/** Whether the database runs at all. */
export const changesState: Rule = ({ old, new: now }) => {
  const [from, to] = [old.facts.state, now.facts.state];
  if (from === to) return [];
  if (to === 'hibernated')
    return [change('remove', 'the database hibernates: its nodes save and end, and serve nobody')];
  if (from === 'hibernated') return [change('live', 'the database wakes with all its keys')];
  return [change('live', to === 'paused' ? 'the agents watch and do nothing' : 'the agents act again')];
};

/** Nodes that serve nobody. */
export const fencesNodes: Rule = ({ old, new: now }) => {
  const fenced = added(old.facts.fenced, now.facts.fenced);
  const freed = added(now.facts.fenced, old.facts.fenced);
  return [
    ...(fenced.length > 0 ? [change('remove', `fenced, and no longer serving anybody: ${fenced.join(', ')}`)] : []),
    ...(freed.length > 0 ? [change('live', `serving again: ${freed.join(', ')}`)] : []),
  ];
};

/** Handovers that the spec asks for. */
export const asksForPrimaries: Rule = ({ old, new: now }) => {
  const wanted = added(old.facts.primaries, now.facts.primaries);
  if (wanted.length === 0) return [];
  return [
    change(
      'live',
      `to be primary from now on: ${wanted.join(', ')}`,
      'by a verified handover, if it is not primary yet',
    ),
  ];
};

/** A database that follows a primary elsewhere has its data, and none of its own. */
export const followsElsewhere: Rule = ({ old, new: now }) => {
  const [from, to] = [old.facts.follows, now.facts.follows];
  if (from === to) return [];
  if (to === undefined) return [change('live', `the database no longer follows ${from!}, and takes writes itself`)];
  return [
    refused(
      `the database is to follow ${to}, and to take no writes: as long as it has data of its own it does neither`,
      'right for a database that holds nothing to keep: it follows once somebody has emptied it by FLUSHALL',
    ),
  ];
};
