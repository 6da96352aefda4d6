import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DiskView } from '../../view';
import { sourceName } from '../../view-source';
import { priorityOf } from '../../priority';
import { wait, type NodeStep } from '../step';
import { namesOf, others } from './copies';

/**
 * Appoints the first primary of a database that has no record: each agent its own node, where that is the one. All nodes have to answer,
 * because one that does not may have the data.
 */
export const begin: NodeStep = (view, config) => {
  const { name, primacy, database, server } = view;
  if (primacy?.record?.epoch !== 0 || server.state !== 'absent' || !database) return [];
  const silent = others(database, name).filter(({ agent }) => agent?.server !== 'held');
  if (silent.length > 0) {
    return wait(
      `held: nobody is primary yet, and ${namesOf(silent)} may have data: its agent does not say that it is held`,
    );
  }
  const disks = database.nodes.map((node) => ({
    name: node.name,
    disk: node.name === name ? view.disk : node.agent!.disk,
    able: node.fenced === undefined && priorityOf(config, node.name) > 0,
  }));
  const epoch = 1 + Math.max(0, ...disks.map(({ disk }) => disk.lastPrimary?.epoch ?? 0));
  const first = chooseFirst(disks, epoch - 1, config);
  if (first === undefined) {
    const owners = namesOf(disks.filter(({ disk }) => disk.hasData));
    return wait(`held: ${owners} have data, and nothing says who was primary: name it in "primary" of the spec`);
  }
  if (first !== name) return wait(`held: ${first} is to be the first primary`);
  const source = sourceOf(disks, epoch - 1, config);
  const appointment = { node: name, from: '', epoch, vacated: true, base: primacy.record } as const;
  return [{ do: 'appoint', ...appointment, ...(source === undefined ? {} : { source }) }];
};

/** Whose data there is, as whoever remembers most has noted it; without any it is to be that of the primary elsewhere. */
function sourceOf(disks: readonly Disk[], last: number, { replicaOf }: AgentConfig): string | undefined {
  if (disks.some(({ disk }) => disk.hasData)) {
    return disks.find(({ disk }) => disk.lastPrimary?.epoch === last)?.disk.lastPrimary?.source;
  }
  return replicaOf && sourceName(replicaOf);
}

interface Disk {
  readonly name: string;
  /** It may be primary: it is not fenced, and its priority is not 0. */
  readonly able: boolean;
  readonly disk: DiskView;
}

/** Who was primary when somebody last heard; else who has data; else who is wished for, or comes first. */
function chooseFirst(disks: readonly Disk[], last: number, { primaries }: AgentConfig): string | undefined {
  const remembered = disks.find(({ disk }) => disk.lastPrimary?.epoch === last)?.disk.lastPrimary?.primary;
  if (remembered !== undefined && disks.some(({ name }) => name === remembered)) return remembered;
  const owners = disks.filter(({ disk }) => disk.hasData);
  const free = disks.filter((disk) => disk.able);
  // Of those that may not the first waits as well as any.
  const able = owners.length > 0 ? owners : free.length > 0 ? free : disks;
  const wished = able.find(({ name }) => primaries?.includes(name));
  if (wished || owners.length > 1) return wished?.name;
  return able[0]!.name;
}
