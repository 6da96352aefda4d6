import { annotations, containers } from '../../contract/names';
import type { PodOrder } from '../change';
import type { Pair } from '../database';
import { differences, formatFields, type Difference } from '../difference';
import { keptPods, keptSets, type NodeSetPair } from '../sets';
import { directiveChanges } from './directives';
import { count, refused, type Rule } from './rule';

/** Where the template says something that is not for the pods that run. */
const agentImage = `spec.initContainers.${containers.agent}.image`;
const serverConfigHash = formatFields(['metadata', 'annotations', annotations.serverConfigHash]);

/** Pods of a changed template, or with servers that read a changed directive only when they start. */
export const replacesPods: Rule = (pair) => {
  const directives = directiveChanges(pair).restart.map(({ name, old, new: now }) =>
    now === undefined
      ? `directive ${name} is left to the engine's default`
      : `directive ${name}: ${old ?? 'unset'} -> ${now}`,
  );
  const changed = keptSets(pair.old, pair.new).flatMap((sets) => {
    const because = [...templateReasons(sets), ...(sets.new.servers ? directives : [])];
    return because.length > 0 && keptPods(sets).length > 0 ? [{ sets, because }] : [];
  });
  if (changed.length === 0) return [];
  const restarts = changed.map(({ sets }): PodOrder => ({ set: sets.new.name, pods: keptPods(sets) }));
  const pods = restarts.flatMap((set) => set.pods);
  const servers = changed.filter(({ sets }) => sets.new.servers).map(({ sets }) => sets);
  return [
    ...(servers.some((sets) => losesMemory(sets, pair)) ? [memoryLoss] : []),
    {
      effect: 'restart',
      what: `${count(pods.length, 'pod')} ${pods.length === 1 ? 'is' : 'are'} replaced, one after the other`,
      because: [...new Set(changed.flatMap(({ because }) => because))],
      notes: servers.length > 0 ? [howServersRestart(servers, pair)] : [],
      restarts,
    },
  ];
};

/** A new agent is put into the pods that run: only its own container restarts. */
export const replacesAgents: Rule = (pair) => {
  const images = keptSets(pair.old, pair.new).flatMap((sets) =>
    differences(sets.old.template, sets.new.template).filter(({ path }) => formatFields(path) === agentImage),
  );
  const because = [...new Set(images.map(reason))];
  return because.length === 0
    ? []
    : [{ effect: 'live', what: 'agents restart beside their servers, which go on', because, notes: [] }];
};

const templateReasons = ({ old, new: now }: NodeSetPair): string[] =>
  differences(old.template, now.template)
    .filter(({ path }) => ![agentImage, serverConfigHash].includes(formatFields(path)))
    .map(reason);

/** Values are shown where they cannot be secret. */
function reason({ path, old, new: now }: Difference): string {
  const [, list = '', container = '', ...field] = path;
  const place = list.endsWith('ontainers') ? `${formatFields(field)} of ${container}` : formatFields(path);
  return open.test(formatFields(path)) ? `${place}: ${show(old)} -> ${show(now)}` : place;
}

const open = /\.(image|resources\..*|terminationGracePeriodSeconds|priorityClassName)$/;

const show = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : 'unset';

const losesMemory = (sets: NodeSetPair, { old }: Pair): boolean => keptPods(sets).length === 1 && !old.facts.persistent;

const memoryLoss = refused(
  'data is in memory only, of one node a shard: replacing the pod loses it',
  'add a replica first, in a change of its own; after it nothing is lost',
);

function howServersRestart(servers: readonly NodeSetPair[], { new: now }: Pair): string {
  const alone = servers.some((sets) => keptPods(sets).length === 1);
  if (alone && now.facts.topology === 'cluster')
    return 'a shard of one node cannot be reached while that node restarts';
  if (alone) return 'the database cannot be reached while its only node restarts';
  if (now.facts.topology === 'multi-master') return 'the other nodes go on taking writes';
  return 'replicas first; a primary hands over to a replica that has everything before its own pod ends';
}
