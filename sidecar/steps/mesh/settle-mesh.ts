import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { DatabaseView } from '../../view';
import { linkTo, mates, placeOf, serves } from './mates';
import { wait, type DatabaseStep } from '../step';

/** Says what is still to come when nothing is left to do, so that an empty plan means a complete mesh. */
export const settleMesh: DatabaseStep = (view, config) => {
  const why = whyIncomplete(view, config);
  return why === undefined ? [] : wait(why);
};

function whyIncomplete(view: DatabaseView, { peers = [] }: AgentConfig): string | undefined {
  const all = mates(view);
  const missing = view.nodes.find(
    ({ name, fenced }) => fenced === undefined && !all.some((mate) => mate.name === name),
  );
  if (missing) return `${missing.name} does not answer`;
  for (const mate of all) {
    const places = [
      ...all.filter((other) => other !== mate).map(({ name, address }) => ({ name, at: address })),
      ...peers.map((peer) => ({ name: placeOf(peer), at: peer })),
    ];
    const silent = places.find(({ at }) => linkTo(mate.server, at)?.up !== true);
    if (silent) return `${mate.name} does not receive yet what ${silent.name} writes`;
  }
  const late = all.find((mate) => !serves(mate));
  return late && `${late.name} ${late.ending ? 'is ending' : 'has not copied yet what the others have'}`;
}
