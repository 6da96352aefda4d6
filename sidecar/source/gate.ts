import { createServer, type AddressInfo, type Server } from 'node:net';

import type { Gate, GateWatch } from '../edges';
import { sourceName, type SourceView } from '../view-source';
import { createPassage, type PassageOptions } from './passage';
import { createSourceWatch, type Seen } from './watch';

/** Longest that the last writes of a source are waited for. Milliseconds. */
const partForMs = 5000;

/**
 * The way to the source. The own server copies over loopback from here, so that it never gets what would cost its data: an engine takes
 * whatever the server that it is told to follow has, also nothing. And so it needs neither the source's password nor its certificates, and
 * finds it wherever its name leads.
 */
export function createGate(options: Omit<PassageOptions, 'saw'>): Gate {
  const { config, home } = options;
  const passage = createPassage({ ...options, saw: (facts) => watch.saw(facts) });
  const watch = createSourceWatch({ config, home, address: () => passage.now()?.address, moved: passage.drop });
  let server: Server | undefined;
  let listening: Promise<number> | undefined;
  let owned: GateWatch['owned'] | undefined;
  let partingSince: number | undefined;

  /** What is written at the source from the first such look on is not waited for. */
  function part(name: string, port: number): SourceView {
    const now = performance.now();
    partingSince ??= now;
    const seen = watch.last();
    const asked = seen.askedAt >= partingSince;
    const over = now - partingSince > partForMs || (asked && seen.problem !== undefined);
    return { name, port, ...streamOf(seen), parting: over ? 'over' : asked ? 'asked' : 'asking' };
  }

  return {
    open(now) {
      owned = now.owned;
      server ??= createServer((socket) => {
        watch.used();
        void passage.admit(socket, owned!);
      });
      return (listening ??= listen(server));
    },
    view(port) {
      const { replicaOf } = config();
      const now = passage.now();
      if (!replicaOf) return now?.linked ? part(now.of, port) : undefined;
      partingSince = undefined;
      const name = sourceName(replicaOf);
      // The spec names another by now.
      if (now && now.of !== name) passage.drop();
      const seen = watch.last();
      const reason = now?.linked ? undefined : (passage.whyNot(name) ?? seen.problem);
      return { name, port, ...(reason === undefined ? {} : { reason }), ...streamOf(seen) };
    },
    watch: watch.pass,
    close() {
      passage.drop();
      watch.close();
      server?.close();
    },
  };
}

const streamOf = ({ facts }: Seen): Pick<SourceView, 'offset' | 'history'> =>
  facts ? { offset: facts.offset, history: facts.history } : {};

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
    server.unref();
  });
}
