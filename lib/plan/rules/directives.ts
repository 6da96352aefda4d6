import { changesLive } from '../../contract/live-directives';
import { parseQuantity } from '../../spec/quantity';
import type { DirectiveChange } from '../change';
import type { Database, Pair } from '../database';
import type { Rule } from './rule';

/** Directives that differ, by how the new value reaches a server. */
export interface DirectiveChanges {
  readonly live: readonly DirectiveChange[];
  readonly restart: readonly DirectiveChange[];
}

/**
 * Splits the directives that differ. One that is not set any more needs a restart, for the engine's own default comes
 * with a start only; and another version may not know the old one's directives, nor the old one the new one's.
 * Certificates are in the pod after a restart only, so with encryption everything waits for it.
 */
export function directiveChanges({ old, new: now }: Pair): DirectiveChanges {
  const { engine } = now.facts;
  const sameEngine = old.facts.engine.name === engine.name && old.facts.engine.version === engine.version;
  const samePod = sameEngine && old.facts.encrypted === now.facts.encrypted;
  const live = (change: DirectiveChange) => samePod && change.new !== undefined && changesLive(engine, change.name);
  const all = changedDirectives(old, now);
  return { live: all.filter(live), restart: all.filter((change) => !live(change)) };
}

function changedDirectives(old: Database, now: Database): DirectiveChange[] {
  const names = [...new Set([...old.directives.keys(), ...now.directives.keys()])];
  return names.flatMap((name) => {
    const [before, after] = [old.directives.get(name), now.directives.get(name)];
    if (before === after) return [];
    return [{ name, ...(before === undefined ? {} : { old: before }), ...(after === undefined ? {} : { new: after }) }];
  });
}

/** What running servers are told. */
export const setsDirectives: Rule = (pair) => {
  const { live } = directiveChanges(pair);
  if (live.length === 0) return [];
  const memory = live.find(({ name, old, new: now }) => name === 'maxmemory' && bytes(now) < bytes(old));
  return [
    {
      effect: 'live',
      what: 'servers are told by CONFIG SET and go on',
      directives: live,
      notes: memory ? [whatLessMemoryDoes(pair.new)] : [],
    },
  ];
};

/** No limit is the highest. */
const bytes = (value: string | undefined): number => parseQuantity(value ?? '') ?? Infinity;

const whatLessMemoryDoes = ({ directives }: Database): string =>
  directives.get('maxmemory-policy') === 'noeviction'
    ? 'a node that holds more than the new maxmemory refuses writes until keys are deleted'
    : 'a node that holds more than the new maxmemory evicts keys at once';
