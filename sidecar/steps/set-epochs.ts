import { members } from './members';
import type { DatabaseStep } from './step';

/**
 * Gives every fresh node a config epoch of its own before it meets anybody.
 *
 * Nodes that start with equal epochs settle that among themselves, one collision a time, and slots can change hands while they do:
 * https://valkey.io/commands/cluster-set-config-epoch/
 */
export const setEpochs: DatabaseStep = (view) => {
  const all = members(view);
  const highest = Math.max(0, ...all.flatMap(({ cluster, self }) => [cluster.currentEpoch, self.configEpoch]));
  return all
    .filter(({ cluster, self }) => cluster.table.length === 1 && self.configEpoch === 0)
    .map(({ name }, index) => ({ do: 'set-epoch', node: name, epoch: highest + index + 1 }));
};
