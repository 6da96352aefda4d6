import { notImported, problem, set } from '../effect';
import type { Rule } from '../table';
import { nodeOfInstance } from './howl-mode';

const fenced: Rule = ({ value, source }) => {
  const instances = listOf(String(value));
  if (!instances) {
    return [problem('must be a JSON list of names of pods, like ["orders-0"]; the operator fenced nobody instead')];
  }
  const database = source.text('metadata.name') ?? '';
  return instances.flatMap((instance, index) => {
    const node = nodeOfInstance(source, database, instance);
    return node === undefined
      ? [notImported('it names a pod that this database has not')]
      : [set(['fenced', index], node)];
  });
};

function listOf(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    const isNames = Array.isArray(list) && list.every((item) => typeof item === 'string');
    return isNames ? list : undefined;
  } catch {
    return undefined;
  }
}

const hibernated: Rule = ({ value }) =>
  ['on', 'true'].includes(String(value).trim().toLowerCase()) ? [set('state', 'hibernated')] : [];

/** What annotations of a `RedisCluster` of redis.io ask for. */
export const howlAnnotations: Readonly<Record<string, Rule>> = {
  'redis.io/fencedInstances': fenced,
  'redis.io/hibernation': hibernated,
  'redis.io/approve-primary-update': () => [notImported('`keyspace approve` lets a supervised roll-out go on')],
  'redis.io/replica-mode': () => [notImported('the operator wrote it for itself')],
};
