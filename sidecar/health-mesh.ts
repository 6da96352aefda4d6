import type { AgentConfig } from '../lib/contract/agent-config';
import { lagFrom, memoryFindings, problemFindings, whyAbsent, type Finding } from './findings';
import { linkTo, mates, placeOf, type Mate } from './steps/mesh/mates';
import type { DatabaseView, NodeView } from './view';

/** What is to be said of a mesh as a whole: whether clients are served, and whether all writes get around. */
export function meshFindings(view: DatabaseView): Finding[] {
  const all = mates(view);
  if (!all.some(({ agent }) => agent.serving)) return [{ health: 'Critical', reason: 'no node serves clients' }];
  const groups = groupsOf(all.filter(({ agent }) => agent.serving));
  if (groups.length < 2) return [];
  const names = groups.map((group) => group.map(({ name }) => name).join(' and '));
  return [
    { health: 'Critical', reason: `split brain: writes do not get from one to the other of ${names.join(' / ')}` },
  ];
}

/** What is to be said of one node of a mesh. */
export function mateFindings(node: NodeView, view: DatabaseView, { peers = [] }: AgentConfig): Finding[] {
  const all = mates(view);
  const mate = all.find(({ name }) => name === node.name);
  if (!mate) return [{ health: 'Degraded', reason: whyAbsent(node) }];
  const findings: Finding[] = [];
  const say = (reason: string) => findings.push({ health: 'Degraded', reason });
  if (mate.ending) say(whyAbsent(node));
  else if (mate.agent.serving !== true) say('has not copied yet what the others have');
  const others = all.filter((other) => other !== mate).map(({ name, address }) => ({ name, at: address }));
  for (const { name, at } of [...others, ...peers.map((peer) => ({ name: placeOf(peer), at: peer }))]) {
    const link = linkTo(mate.server, at);
    if (!link?.up) say(`${link?.copying ? 'is copying' : 'does not receive'} what ${name} writes`);
  }
  return [...findings, ...problemFindings(mate.agent), ...memoryFindings(mate.server)];
}

/** Bytes of the others' writes that have not arrived yet, where they are most; undefined where nobody else answers. */
export function meshLag(node: NodeView, view: DatabaseView): number | undefined {
  const all = mates(view);
  const mate = all.find(({ name }) => name === node.name);
  const lags = all.flatMap(({ name, address, server }) => {
    const link = mate && name !== mate.name ? linkTo(mate.server, address) : undefined;
    return link ? [lagFrom(server, link)] : [];
  });
  return lags.length > 0 ? Math.max(...lags) : undefined;
}

/** Nodes that have each other's writes, over other nodes too: a node passes on what it receives. */
function groupsOf(all: readonly Mate[]): Mate[][] {
  const groups: Mate[][] = [];
  for (const mate of all) {
    const near = groups.filter((group) =>
      group.some((other) => reaches(mate, other, all) && reaches(other, mate, all)),
    );
    groups.push([...near.flat(), mate]);
    for (const group of near) groups.splice(groups.indexOf(group), 1);
  }
  return groups.sort((a, b) => all.indexOf(a[0]!) - all.indexOf(b[0]!));
}

/** Whether what `from` writes gets to `to`. */
function reaches(from: Mate, to: Mate, all: readonly Mate[]): boolean {
  const reached = new Set([from]);
  for (const source of reached) {
    for (const mate of all) if (linkTo(mate.server, source.address)?.up) reached.add(mate);
  }
  return reached.has(to);
}
