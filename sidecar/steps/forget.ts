import type { Action } from '../action';
import type { TableEntry } from '../view';
import { believes, members, type Member } from './members';
import type { DatabaseStep } from './step';
import { isGone, strangersFor } from './strangers';

/**
 * Removes the ids of nodes that came back as somebody else, or not at all, from every table.
 *
 * Never one that owns slots or is followed: its data may exist nowhere else. FORGET holds for 60 s, so that every
 * member must be told in the same pass: https://valkey.io/commands/cluster-forget/
 */
export const forget: DatabaseStep = (view, config) => {
  const all = members(view);
  const hosts = new Map(config.shards.flatMap((shard) => shard.nodes.map((node) => [node.host, node.name] as const)));
  return strangersFor(view, config)
    .filter((id) => {
      const entries = all.flatMap((member) => believes(member, id) ?? []);
      return (
        entries.length > 0 && entries.every(isGone) && isReplaced(entries, hosts, all) && !isNeeded(id, entries, all)
      );
    })
    .map((id): Action => {
      const nodes = all.filter((member) => believes(member, id)).map((member) => member.name);
      return { do: 'forget', id, nodes };
    });
};

/** The node of its host name answers under another id; without a known name, all nodes must. */
function isReplaced(
  entries: readonly TableEntry[],
  hosts: ReadonlyMap<string, string>,
  all: readonly Member[],
): boolean {
  const names = new Set(entries.flatMap((entry) => hosts.get(entry.hostname) ?? []));
  if (names.size === 0) return all.length === hosts.size;
  return [...names].every((name) => all.some((member) => member.name === name));
}

/** It owns slots, is followed, or has keys of a slot that was on its way to it. */
function isNeeded(id: string, entries: readonly TableEntry[], all: readonly Member[]): boolean {
  const lines = all.flatMap((member) => member.cluster.table);
  return (
    entries.some((entry) => entry.slots.length > 0) ||
    lines.some((line) => line.primaryId === id && (line.myself || !isGone(line))) ||
    lines.some((line) => line.openSlots.some((slot) => slot.endsWith(id)))
  );
}
