import type { AgentConfig } from '../../lib/contract/agent-config';
import { latestBackup } from '../../lib/contract/names';
import { priorityOf } from '../priority';
import { formatBytes } from '../status/table';
import type { DatabaseView, NodeView } from '../view';
import { wait, type NodeStep } from './step';

/** What a person has to do. */
const timeByHand = 'the spec restores the database as it was at a moment, which no agent of this version can do';

/**
 * Has the data of a database that is to start from a backup brought to the volumes, a node a shard. Until each has its part nobody starts: an empty
 * server would be taken for the restored one, and written to. The other nodes copy it then, as ever.
 *
 * Once. A database that runs, or has data of its own on any volume, was restored or never had to be. One that has lost all of it is restored again.
 */
export const restore: NodeStep = (view, config) => {
  const { name, server, permitted, restoring } = view;
  if (server.state !== 'absent' || permitted) return [];
  if (!config.restore) {
    const whyHeld = view.database && whyHalfRestored(view.database, config);
    return whyHeld === undefined ? [] : wait(`held: ${whyHeld}`);
  }
  if (!view.database) return wait('held: the other nodes have not been looked at yet');
  const restoration = restorationOf(view.database, config);
  if (!restoration) return [];
  const { lacks, backup } = restoration;
  const whyNot = whyNotYet(restoration, config);
  if (whyNot !== undefined) return wait(`held: ${whyNot}`);
  const mine = lacks.find(({ node }) => node.name === name);
  if (!mine) return wait(`held: ${lacks[0]!.node.name} has its part of the backup brought first`);
  const chosen = backup ?? (mine.index === 0 ? latestBackup : undefined);
  if (chosen === undefined) return wait('held: the first shard says which backup it is');
  if (restoring && (restoring.asked === chosen || restoring.backup === chosen)) {
    return wait(`held: ${restoring.problem ?? 'its part of the backup is being brought'}`);
  }
  return [{ do: 'restore', node: name, backup: chosen, shard: mine.index }];
};

/** Why a database that is to start from a backup does not run yet, for its status; undefined where it does, or starts from nothing else. */
export function whyUnrestored(view: DatabaseView, config: AgentConfig): string | undefined {
  if (!config.restore) return whyHalfRestored(view, config);
  const restoration = restorationOf(view, config);
  if (!restoration) return undefined;
  return (
    whyNotYet(restoration, config) ?? `the backup is being brought: ${restoration.lacks.map(sayProgress).join(', ')}`
  );
}

/** A restore that the spec has no more, and that was not done: the shards that have their part would start beside empty ones. */
function whyHalfRestored({ nodes }: DatabaseView, { shards }: AgentConfig): string | undefined {
  const backup = nodes.flatMap(({ agent }) => agent?.disk.restore?.backup ?? [])[0];
  if (backup === undefined || nodes.some((node) => isInUse(node) || hasOwnData(node))) return undefined;
  const without = shards.filter(({ name }) => !nodes.some((node) => node.shard === name && hasPart(node, backup)));
  if (without.length === 0) return undefined;
  const names = without.map(({ name }) => name).join(', ');
  return `backup ${backup} has not been brought to ${names}, and the spec has no "restore" any more: say it again, or delete the claims of all volumes to start with nothing`;
}

function sayProgress({ node }: Lack): string {
  const { bytes, ofBytes = 0, problem } = node.agent?.restoring ?? {};
  if (problem !== undefined) return `${node.name} cannot: ${problem}`;
  if (bytes === undefined) return `${node.name} has not begun`;
  return `${node.name} has ${formatBytes(bytes)} of ${formatBytes(ofBytes)}`;
}

/** A shard whose data is not there yet, and who brings it. */
interface Lack {
  /** Of the shard, from 0. */
  readonly index: number;
  readonly node: NodeView;
}

interface Restoration {
  readonly lacks: readonly Lack[];
  /** Nodes that may have data, for all that is known. */
  readonly unclear: readonly NodeView[];
  /** Which backup it is; undefined before anybody has seen which is the latest. */
  readonly backup?: string;
}

function whyNotYet({ unclear }: Restoration, { restore: wanted }: AgentConfig): string | undefined {
  if (unclear.length > 0) {
    const names = unclear.map(({ name }) => name).join(', ');
    return `${names} may have data already: no agent there says that its server is held`;
  }
  return wanted && 'time' in wanted.from ? timeByHand : undefined;
}

/** @returns undefined where nothing is to be brought any more */
function restorationOf({ nodes }: DatabaseView, config: AgentConfig): Restoration | undefined {
  const { restore: wanted, shards } = config;
  if (!wanted || nodes.some(isInUse)) return undefined;
  const targets = shards.map(({ name }, index) => ({ index, node: targetOf(name, nodes, config) }));
  const asked = 'backup' in wanted.from && wanted.from.backup !== latestBackup ? wanted.from.backup : undefined;
  const backup = asked ?? targets.flatMap(({ node }) => node.agent?.disk.restore?.backup ?? [])[0];
  const lacks = targets.filter(({ node }) => !hasPart(node, backup));
  if (lacks.length === 0) return undefined;
  const unclear = nodes.filter(({ agent }) => agent?.server !== 'held');
  return { lacks, unclear, ...(backup === undefined ? {} : { backup }) };
}

/** It runs, or there is data on its volume that no restore has brought there. */
function isInUse({ server, agent }: NodeView): boolean {
  if (server.state === 'up' || agent?.server === 'up' || agent?.server === 'loading') return true;
  if (!agent || agent.disk.restore) return false;
  const { hasFiles, cluster } = agent.disk;
  return hasFiles === true || cluster !== undefined;
}

/** Where there is no restore, the agent of a volume without its traces looks at what the server would load alone. */
const hasOwnData = ({ agent }: NodeView): boolean => agent?.disk.hasData === true && !agent.disk.restore;

function hasPart({ agent }: NodeView, backup: string | undefined): boolean {
  const marker = agent?.disk.restore;
  return marker?.done === true && marker.backup === backup;
}

/** Whoever has begun; else who is primary by a record that has outlived the volumes, or is wished for, or the first that may be. */
function targetOf(shard: string, nodes: readonly NodeView[], config: AgentConfig): NodeView {
  const mates = nodes.filter((node) => node.shard === shard);
  const able = mates.filter(({ name, fenced }) => fenced === undefined && priorityOf(config, name) > 0);
  return (
    mates.find(({ agent }) => agent?.disk.restore) ??
    able.find(({ name, agent }) => agent?.record?.primary === name) ??
    able.find(({ name }) => config.primaries?.includes(name)) ??
    able[0] ??
    mates[0]!
  );
}
