import type { Random } from './random';
import type { Timeline } from './timeline';

/** A machine. */
export interface Host {
  readonly name: string;
  readonly zone: string;
  on: boolean;
  /** Machines of one group reach each other. */
  group: number;
}

/** A pod's network: an address on a machine. `Server` is whatever listens there. */
export interface Place<Server> {
  readonly ip: string;
  readonly host: Host;
  server?: Server | undefined;
}

/** Carries things between addresses as TCP does: in order between two of them, with a delay, and again where they got lost. */
export interface Network<Server> {
  /** Gives a place to an address. */
  readonly open: (place: Place<Server>) => void;
  /** Nobody is at the address any more. */
  readonly close: (place: Place<Server>) => void;
  /** Who has the address now, wherever it is. */
  readonly at: (ip: string) => Place<Server> | undefined;
  /** To whoever has the address when it arrives. */
  readonly send: (from: Host, ip: string, arrive: (place: Place<Server>) => void) => void;
  /** Back to the machine at the other end of a connection. */
  readonly notify: (from: Host, to: Host, arrive: () => void) => void;
}

/** Slowest of healthy deliveries, how often a lost one is tried again, and for how long. Milliseconds. */
const slowestMs = 3;
const againMs = 300;
const patienceMs = 60_000;

/** One direction between two ends. */
interface Way {
  lastArrival: number;
  /** What could not be delivered yet, first sent first. */
  readonly lost: { readonly sent: number; readonly deliver: () => boolean }[];
}

/** A network without places yet. */
export function createNetwork<Server>(timeline: Timeline, random: Random): Network<Server> {
  const places = new Map<string, Place<Server>>();
  const ways = new Map<string, Way>();

  /** @param deliver says whether it could */
  function carry(key: string, deliver: () => boolean): void {
    const way = ways.get(key) ?? { lastArrival: 0, lost: [] };
    ways.set(key, way);
    const sent = timeline.now();
    way.lastArrival = Math.max(sent + random.between(0.1, slowestMs), way.lastArrival);
    timeline.after(way.lastArrival - sent, () => {
      if (way.lost.length === 0 && deliver()) return;
      way.lost.push({ sent, deliver });
      if (way.lost.length === 1) timeline.after(againMs, () => tryAgain(way));
    });
  }

  function tryAgain(way: Way): void {
    const { lost } = way;
    while (lost[0] && (lost[0].deliver() || timeline.now() - lost[0].sent > patienceMs)) lost.shift();
    if (lost.length > 0) timeline.after(againMs, () => tryAgain(way));
  }

  return {
    open: (place) => void places.set(place.ip, place),
    close(place) {
      if (places.get(place.ip) === place) places.delete(place.ip);
    },
    at: (ip) => places.get(ip),
    send(from, ip, arrive) {
      carry(`${from.name} ${ip}`, () => {
        const place = places.get(ip);
        if (!place || !reach(from, place.host)) return !from.on;
        arrive(place);
        return true;
      });
    },
    notify(from, to, arrive) {
      carry(`${from.name} ${to.name}`, () => {
        if (!reach(from, to)) return !from.on || !to.on;
        arrive();
        return true;
      });
    },
  };
}

/** Whether two machines reach each other now. */
export const reach = (a: Host, b: Host): boolean => a.on && b.on && (a === b || a.group === b.group);
