import type { World } from './world';

/** The coordinator says so, and has nothing to do. */
export function isHealthy({ lastPass, lastSlotsPass, pods, config }: World, since = 0): boolean {
  const nodes = config.shards.flatMap((shard) => shard.nodes);
  if (!lastPass || lastPass.at < since || pods.size !== nodes.length) return false;
  if (!lastSlotsPass || lastSlotsPass.at < since || lastSlotsPass.pass.outcome.actions.length > 0) return false;
  const { outcome, status } = lastPass.pass;
  return outcome.actions.length === 0 && status?.health === 'Healthy';
}

/** What coordinators said last. */
export const lastWord = ({ lastPass, lastSlotsPass }: World): string =>
  [lastPass, lastSlotsPass]
    .map((last) => (last ? `${last.by} at ${Math.round(last.at)}: ${last.pass.outcome.sentence}` : 'no coordinator'))
    .join('; ');
