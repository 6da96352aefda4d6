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

/** Carries things between addresses: in order between two of them, with a delay, or not at all. */
export interface Network<Server> {
  /** Gives a place to an address. */
  readonly open: (place: Place<Server>) => void;
  /** Nobody is at the address any more. */
  readonly close: (place: Place<Server>) => void;
  /** Who has the address now, wherever it is. */
  readonly at: (ip: string) => Place<Server> | undefined;
  /** Things that are lost on the way are lost silently. */
  readonly send: (from: Host, ip: string, arrive: (place: Place<Server>) => void) => void;
  /** A connection was closed or refused: whoever is at the other end hears of it, unless the way is blocked. */
  readonly notify: (from: Host, to: Host, arrive: () => void) => void;
}

/** Slowest of healthy deliveries. Milliseconds. */
const slowestMs = 3;

export function createNetwork<Server>(timeline: Timeline, random: Random): Network<Server> {
  const places = new Map<string, Place<Server>>();
  const lastArrival = new Map<string, number>();

  /** What was sent first arrives first, as on a TCP connection. */
  function delay(from: Host, to: string): number {
    const way = `${from.name} ${to}`;
    const now = timeline.now();
    const at = Math.max(now + random.between(0.1, slowestMs), lastArrival.get(way) ?? 0);
    lastArrival.set(way, at);
    return at - now;
  }

  return {
    open: (place) => void places.set(place.ip, place),
    close(place) {
      if (places.get(place.ip) === place) places.delete(place.ip);
    },
    at: (ip) => places.get(ip),
    send(from, ip, arrive) {
      timeline.after(delay(from, ip), () => {
        const place = places.get(ip);
        if (place && reach(from, place.host)) arrive(place);
      });
    },
    notify(from, to, arrive) {
      timeline.after(delay(from, to.name), () => {
        if (reach(from, to)) arrive();
      });
    },
  };
}

/** Whether two machines reach each other now. */
export const reach = (a: Host, b: Host): boolean => a.on && b.on && (a === b || a.group === b.group);
