import { linkTo, mates, placeOf, type Mate } from './mates';
import type { DatabaseStep } from '../step';

/**
 * How long a link that works is left where nobody is who belongs to the mesh: a node that leaves the spec still passes on its last
 * writes, and its process ends long before. Milliseconds.
 */
const leaveStrayMs = 60_000;

/** Has every node receive what each of the others writes, and what is written at the peers of the spec. */
export const link: DatabaseStep = (view, { peers = [] }) => {
  const all = mates(view);
  const stay = all.filter(({ ending }) => !ending);
  return all.flatMap((self) => {
    const others = stay.filter((other) => other.name !== self.name);
    const places = [
      ...others.map(({ name, address }) => ({ peer: name, host: address.ip, port: address.client })),
      ...peers.map((peer) => ({ peer: peer.host, ...peer })),
    ];
    return places
      .filter((place) => !linkTo(self.server, place))
      .map((place) => ({ do: 'link' as const, node: self.name, ...place }));
  });
};

/**
 * Takes links away that lead nowhere: to where a node was, or to a peer that the spec no longer has. One that works is left for a
 * while, and nothing is taken away while it is not known where every node is.
 */
export const unlink: DatabaseStep = (view, { peers = [] }) => {
  if (view.nodes.some(({ address }) => !address)) return [];
  const known = new Set([...view.nodes.map(({ address }) => placeOf(address!)), ...peers.map(placeOf)]);
  const isStray = (place: string) => !known.has(place);
  const isOld = (place: string) => (view.mesh?.strayMs[place] ?? 0) >= leaveStrayMs;
  return mates(view).flatMap((self: Mate) =>
    (self.server.links ?? [])
      .filter((one) => isStray(placeOf(one)) && (!(one.up || one.copying) || isOld(placeOf(one))))
      .map(({ host, port }) => ({ do: 'unlink' as const, node: self.name, host, port })),
  );
};
