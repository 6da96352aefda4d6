import { lookup } from 'node:dns/promises';

import type { AgentConfig } from '../../lib/contract/agent-config';
import type { AddressBook, Clock } from '../edges';
import { portsOf } from '../own-node';
import type { Address } from '../view';

/** Bound of one look-up. The resolver's own, several seconds a server, would hold up a whole look at the database. */
const boundMs = 1000;

/** What the address book stands on. */
export interface AddressBookOptions {
  readonly config: () => AgentConfig;
  readonly clock: Clock;
  /** Address behind a host name; rejects where there is none. The system's resolver unless told. */
  readonly resolve?: (host: string) => Promise<string>;
}

/** Addresses from DNS. A host name keeps its last address while the resolver does not answer. */
export function createAddressBook({ config, clock, resolve = resolveHost }: AddressBookOptions): AddressBook {
  const last = new Map<string, string>();
  const inFlight = new Map<string, Promise<void>>();

  /** One at a time for each name: a look-up blocks a thread until the resolver gives up, and there are few threads. */
  function ask(host: string): Promise<void> {
    const asking =
      inFlight.get(host) ??
      resolve(host)
        .then(
          (ip) => void last.set(host, ip),
          () => void last.delete(host),
        )
        .finally(() => inFlight.delete(host));
    inFlight.set(host, asking);
    return asking;
  }

  return {
    async locate({ name, host }): Promise<Address | undefined> {
      const bound = new AbortController();
      await Promise.race([ask(host), clock.sleep(boundMs, bound.signal)]);
      bound.abort();
      const ip = last.get(host);
      return ip === undefined ? undefined : { ip, ...portsOf(config(), name) };
    },
  };
}

const resolveHost = async (host: string): Promise<string> => (await lookup(host)).address;
