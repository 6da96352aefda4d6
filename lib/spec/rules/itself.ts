import type { ShardConfig } from '../../contract/agent-config';
import { objectNames } from '../../contract/names';
import type { SoundFields } from '../kinds';
import { serviceHost, type Place } from '../layout';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** A database that is told to copy itself: it would wait for ever for data that it is to bring. */
export function itselfProblems(fields: SoundFields, place: Place, shards: readonly ShardConfig[]): SpecProblem[] {
  const { replicaOf, peers = [] } = fields;
  const sources = [
    ...(replicaOf ? [{ path: ['replicaOf', 'host'], host: replicaOf.host }] : []),
    ...peers.map(({ host }, index) => ({ path: ['peers', index, 'host'], host })),
  ];
  if (sources.length === 0) return [];
  const own = ownHosts(place, shards);
  return sources.flatMap(({ path, host }): SpecProblem[] => {
    if (!own.has(host.toLowerCase().replace(/\.$/, ''))) return [];
    const message = `must be another database, got ${quote(host)}, which is this one: give it another name or namespace`;
    return [{ path, message }];
  });
}

/** Every name of a Service or node of the database, as short as its namespace allows and as long as its domain makes it. */
function ownHosts(place: Place, shards: readonly ShardConfig[]): ReadonlySet<string> {
  const names = objectNames(place.name);
  const services = [names.clientService, names.leaderService, names.replicaService, names.anyService];
  const nodes = shards.flatMap((shard) =>
    shard.nodes.flatMap(({ name }) => [name, `${name}.${names.headlessService}`]),
  );
  return new Set(
    [...services, names.headlessService, ...nodes].flatMap((host) => [
      host,
      `${host}.${place.namespace}`,
      `${host}.${place.namespace}.svc`,
      serviceHost(host, place),
    ]),
  );
}
