import { changesLive } from '../../contract/live-directives';
import { parseQuantity } from '../../spec/quantity';
import type { DirectiveChange } from '../change';
import type { Database, Pair } from '../database';
import type { Rule } from './rule';

/** Directives that differ, by how the new value reaches a server. */
export interface DirectiveChanges {
  readonly live: readonly DirectiveChange[];
  readonly restart: readonly DirectiveChange[];
  /** Not set any more, and nothing to restart for: servers keep them until they start again. */
  readonly left: readonly DirectiveChange[];
}

/**
 * Splits the directives that differ. Of one that is not set any more the engine's own default comes with a start only. Another
 * version may not know the old one's directives, nor the old one the new one's. Certificates are in the pod after a restart only,
 * so with encryption everything waits for it.
 */
export function directiveChanges({ old, new: now }: Pair): DirectiveChanges {
  const { engine } = now.facts;
  const sameEngine = old.facts.engine.name === engine.name && old.facts.engine.version === engine.version;
  const samePod = sameEngine && old.facts.encrypted === now.facts.encrypted;
  const free = (change: DirectiveChange) => samePod && changesLive(engine, change.name);
  const all = changedDirectives(old, now);
  return {
    live: all.filter((change) => free(change) && change.new !== undefined),
    restart: all.filter((change) => !free(change)),
    left: all.filter((change) => free(change) && change.new === undefined),
  };
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

/** Nobody can tell a running server the engine's own default. */
export const leavesDirectives: Rule = (pair) => {
  const { left } = directiveChanges(pair);
  if (left.length === 0) return [];
  return [
    {
      effect: 'live',
      what: "directives are left to the engine's defaults, which each server has from its next start on",
      because: left.map(({ name, old }) => `${name} stays ${old!} until then`),
      notes: ['say the default instead, and running servers are told at once'],
    },
  ];
};

/** No limit is the highest. */
const bytes = (value: string | undefined): number => parseQuantity(value ?? '') ?? Infinity;

const whatLessMemoryDoes = ({ directives }: Database): string =>
  directives.get('maxmemory-policy') === 'noeviction'
    ? 'a node that holds more than the new maxmemory refuses writes until keys are deleted'
    : 'a node that holds more than the new maxmemory evicts keys at once';
