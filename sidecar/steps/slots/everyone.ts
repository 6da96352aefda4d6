import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DatabaseView } from '../../view';
import { members, shardsOf } from '../members';

/** The view with those that leave among its nodes: they own slots and have a vote until they are gone. */
export function everyone(view: DatabaseView): DatabaseView {
  const { leaving = [], nodes } = view;
  // The same view, whose members are known already.
  return leaving.length === 0 ? view : { ...view, leaving: [], nodes: [...nodes, ...leaving] };
}

/** Every node of the shard is on its way out. One that is alone may just be restarted: its data is on its volume. One that is fenced stays. */
export const isEnding = ({ nodes }: DatabaseView, shard: string): boolean => {
  const mates = nodes.filter((node) => node.shard === shard);
  return mates.length > 1 && mates.every((node) => node.ending && node.fenced === undefined);
};

/** Whether the configuration has the shard. */
export const isDeclared = (shard: string, { shards }: AgentConfig): boolean =>
  shards.some(({ name }) => name === shard);

/** No other shard of the configuration has a node that answers and does not end: nobody could be given this one's slots. */
export const isForsaken = (shard: string, view: DatabaseView, config: AgentConfig): boolean =>
  !members(view).some((member) => member.shard !== shard && isDeclared(member.shard, config) && !member.ending);

/** Somebody has asked for the shard to be drained: it leaves with what comes next. */
export const isDrained = ({ drain }: DatabaseView, shard: string): boolean => drain?.shards.includes(shard) === true;

/** Shards that are there to stay, in the order of the configuration. */
export const stayingShards = (view: DatabaseView): string[] =>
  shardsOf(view).filter((shard) => !isEnding(view, shard) && !isDrained(view, shard));
