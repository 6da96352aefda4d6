import type { Gate } from '../../../sidecar/edges';
import { sourceName } from '../../../sidecar/view-source';
import { reach } from '../network';
import { gatePort, sourceServer, startModelServer } from './server';
import type { ModelPod, ModelWorld } from './world';

/** What every spec of a day with a source says. */
export const replicaOf = { host: 'old.example', port: 6379, auth: 'off', tls: 'off' } as const;

/** Starts a primary of another installation. */
export function startModelSource(world: ModelWorld): void {
  const host = { name: sourceServer, zone: '', on: true, group: 0 };
  const facts = { name: sourceServer, host, log: [], follows: undefined, floor: 0 };
  world.servers.set(sourceServer, startModelServer(world.random, facts));
}

/** What an agent knows of it. What may be copied is not asked here: the source of a day never loses anything. */
export function createModelGate({ servers }: ModelWorld, pod: ModelPod): Gate {
  return {
    open: () => Promise.resolve(gatePort),
    view(port) {
      const [source, own] = [servers.get(sourceServer), servers.get(pod.name)];
      const known =
        source && reach(pod.host, source.host) ? { offset: source.log.length, history: source.history } : {};
      const view = { name: sourceName(replicaOf), port, ...known };
      if (pod.config.replicaOf) return view;
      const parts = own?.follows === sourceServer && own.linkUp;
      return parts ? { ...view, parting: 'offset' in known ? 'asked' : 'over' } : undefined;
    },
    watch: () => Promise.resolve(1000),
    close: () => undefined,
  };
}
