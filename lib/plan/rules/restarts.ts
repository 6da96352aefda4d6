import { annotations, containers } from '../../contract/names';
import type { Change, PodOrder } from '../change';
import type { Pair } from '../database';
import { differences, formatFields, type Difference } from '../difference';
import { keptPods, keptSets, type NodeSetPair } from '../sets';
import { directiveChanges } from './directives';
import { refused, type Rule } from './rule';

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
    ...losses(servers, pair),
    {
      effect: 'restart',
      what: pods.length === 1 ? '1 pod is replaced' : `${pods.length} pods are replaced, ${pace(pair)}`,
      because: [...new Set(changed.flatMap(({ because }) => because))],
      notes: servers.length > 0 ? howServersRestart(servers, pair) : ['the majority of them goes on'],
      restarts,
    },
  ];
};

/** Sentinels and others that hold no data: some more, or some less. */
export const resizesOthers: Rule = ({ old, new: now }) =>
  keptSets(old, now)
    .filter((sets) => !sets.new.servers && sets.old.replicas !== sets.new.replicas)
    .map((sets) => ({
      effect: sets.new.replicas < sets.old.replicas ? 'restart' : 'live',
      what: `${sets.new.name}: ${sets.old.replicas} -> ${sets.new.replicas} pods`,
      notes: [],
      objects: [`StatefulSet ${sets.new.name}`],
    }));

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
  const place = list.endsWith('ontainers')
    ? [formatFields(field) || 'all', 'of', container].join(' ')
    : formatFields(path);
  return open.test(formatFields(path)) ? `${place}: ${show(old)} -> ${show(now)}` : place;
}

const open = /\.(image|resources\..*|terminationGracePeriodSeconds|priorityClassName)$/;

const show = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? `${value}` : 'unset';

const isAlone = (sets: NodeSetPair): boolean => keptPods(sets).length === 1;

const atOnce = ({ new: now }: Pair): boolean => now.facts.upgrade?.strategy === 'Recreate';

function pace(pair: Pair): string {
  const most = pair.new.facts.upgrade?.maxUnavailable ?? 1;
  if (atOnce(pair)) return 'all at once';
  return most > 1 ? `up to ${most} at a time and never two of one shard` : 'one after the other';
}

/** What no other node has while a pod is replaced. */
function losses(servers: readonly NodeSetPair[], pair: Pair): Change[] {
  const nobodyElse = servers.length > 0 && (atOnce(pair) || servers.some(isAlone));
  if (!nobodyElse) return [];
  if (!pair.old.facts.persistent) {
    return [
      refused(
        'data is in memory only, and no other node has it while the pod is replaced: it is lost',
        'have a replica and replace pods one after the other, in a change of its own; after it nothing is lost',
      ),
    ];
  }
  const append = [pair.old, pair.new].map(({ directives }) => directives.get('appendonly'));
  if (append[0] !== 'no' || append[1] !== 'yes') return [];
  return [
    refused(
      'a server that starts with an append-only file reads no snapshot: it would start empty',
      'turn the append-only file on in a change of its own, which is applied live and writes the file',
    ),
  ];
}

function howServersRestart(servers: readonly NodeSetPair[], pair: Pair): string[] {
  const { topology, upgrade } = pair.new.facts;
  const approval = upgrade?.supervised ? ['each primary waits for "keyspace approve"'] : [];
  if (atOnce(pair)) return ['the database cannot be reached until they are back', ...approval];
  if (servers.some(isAlone)) {
    const what = topology === 'cluster' ? 'a shard of one node' : 'the database';
    return [`${what} cannot be reached while that node restarts`, ...approval];
  }
  if (topology === 'multi-master') return ['the other nodes go on taking writes', ...approval];
  return ['replicas first; a primary hands over to a replica that has everything before its own pod ends', ...approval];
}
