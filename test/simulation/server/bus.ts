import { linkClosed, linkOpened } from '../engine/cron';
import { receive } from '../engine/receive';
import { commonSlots } from '../../../sidecar/slots';
import { isCurrent, type Engine, type Link, type Surroundings } from '../engine/state';
import type { Message } from '../engine/messages';
import { append, dataAgeMs, follow } from './replication';
import { isServing, type Ground, type Server } from './server';
import { contents, removalOf } from './store';

/** Connects a server's part of the bus with the network and with its data. `self` is only asked once the server lives. */
export function connectBus(ground: Ground, self: () => Server): Surroundings {
  const { network, timeline } = ground;
  /** Who is at the other end of each open link. */
  const ends = new WeakMap<Link, Server>();

  const onEngine = (server: Server, happen: (engine: Engine) => void): void => {
    if (!isServing(server, timeline.now())) return;
    server.engine.now = timeline.now();
    happen(server.engine);
  };

  /** Where somebody else was may be the server itself by now: what it tells itself passes through no network. */
  const toMyself = (arrive: () => void): void => void timeline.after(0, arrive);

  /** Carries a message to the process at the other end, or finds out that it is gone. */
  function carry(link: Link, message: Message): void {
    const from = self();
    const end = ends.get(link)!;
    const arrive = (): void => deliver(from, end, message, link);
    if (end === from) toMyself(arrive);
    else
      network.send(from.place.host, link.ip, (place) => {
        if (place.server === end && end.alive) arrive();
        else network.notify(place.host, from.place.host, () => linkClosed(link));
      });
  }

  function deliver(from: Server, to: Server, message: Message, link: Link): void {
    const reply = (answer: Message): void => {
      const arrive = (): void =>
        onEngine(from, (engine) => {
          if (!isCurrent(engine, link)) return;
          // An answer to a message that came back on our own link goes out on that link.
          const answerBack = (next: Message): void => engine.around.send(link, next);
          receive(engine, answer, { link, reply: answerBack });
        });
      if (to === from) toMyself(arrive);
      else network.notify(to.place.host, from.place.host, arrive);
    };
    onEngine(to, (engine) => receive(engine, message, { reply }));
  }

  return {
    connect(link) {
      const from = self();
      network.send(from.place.host, link.ip, (place) => {
        const end = place.server;
        network.notify(place.host, from.place.host, () => {
          if (!end || !isServing(end, timeline.now())) {
            linkClosed(link);
            return;
          }
          ends.set(link, end);
          onEngine(from, (engine) => linkOpened(engine, link));
        });
      });
    },
    send(link, message) {
      if (link.open) carry(link, message);
      else link.waiting.push(message);
    },
    follow: (ip, full) => follow(ground, self(), ip, full),
    hasKeys: () => contents(self().replication.log).size > 0,
    dropKeys(slots, heir) {
      const server = self();
      const inSlots = (write: number) => commonSlots(slots, [[ground.slotOf(write), ground.slotOf(write)]]).length > 0;
      const writes = [...contents(server.replication.log)].filter(inSlots);
      for (const write of writes) append(ground, server, removalOf(write));
      const { hostname } = server.engine.myself;
      if (writes.length > 0) ground.onDropped({ hostname, writes, why: { copies: heir } });
    },
    keysIn: (slot) => [...contents(self().replication.log)].filter((write) => ground.slotOf(write) === slot).length,
    offset: () => self().replication.offset,
    dataAgeMs: () => dataAgeMs(self(), timeline.now()),
  };
}
