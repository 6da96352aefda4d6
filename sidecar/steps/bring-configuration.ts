import type { DatabaseStep } from './step';

/** Has a configuration that has changed brought to every pod: their kubelets would come to it within a minute and a half. */
export const bringConfiguration: DatabaseStep = ({ configuration }, { shards, sentinel }) => {
  if (!configuration || configuration.version === configuration.told) return [];
  // Pods that have just been made have what was newest then.
  const nodes =
    configuration.told === undefined ? [] : [...shards.flatMap((shard) => shard.nodes), ...(sentinel?.nodes ?? [])];
  return [{ do: 'bring-configuration', nodes: nodes.map(({ name }) => name), version: configuration.version }];
};
