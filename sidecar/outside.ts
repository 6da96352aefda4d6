import type { AgentConfig } from '../lib/contract/agent-config';
import { can } from '../lib/contract/engines';
import { objectNames } from '../lib/contract/names';
import type { Clock, Log, OutsideService, Platform } from './edges';
import { createLoop, type Loop } from './loop';
import { nodesOf, ownNode } from './own-node';
import { untilBeat } from './pace';
import type { Address, OwnView } from './view';

/** What it takes to know where clients outside the Kubernetes cluster find the own node. */
export interface OutsideOptions {
  readonly platform: Pick<Platform, 'readOutside'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: () => AgentConfig;
  /** Name of the own node. */
  readonly self: string;
  /** Where its server listens. */
  readonly ownAddress: () => Promise<Address>;
}

/** Where clients find a node; without a port, at the one where its server listens. */
export interface ClientPlace {
  readonly host: string;
  readonly port?: number;
}

/** Where clients are to find the own node. */
export interface OutsideWatch {
  /** While the place is not known, what was announced last holds; a warning says why clients outside are not sent to the node. */
  readonly view: () => Promise<Pick<OwnView, 'place' | 'warnings'>>;
  /** Looks at the node's Service now and then. */
  readonly loop: Loop;
}

/** Time between two looks at the Service. Milliseconds. */
const lookEveryMs = 5000;

/** Asks the API by itself: nothing that looks after the server waits for it. */
export function createOutside({ platform, clock, log, config, self, ownAddress }: OutsideOptions): OutsideWatch {
  let seen: OutsideService | undefined;

  async function look(): Promise<number> {
    seen = isOutside(config(), self) ? await platform.readOutside(self) : undefined;
    return untilBeat(lookEveryMs, clock.now());
  }

  function place(): ClientPlace | string | undefined {
    if (!isOutside(config(), self)) return { host: ownNode(config(), self).node.host };
    return seen && placeOutside(config(), seen, self);
  }

  return {
    async view() {
      const { topology, engine } = config();
      const found = topology === 'cluster' && can(engine, 'announceHostname') ? place() : undefined;
      if (found === undefined) return {};
      if (typeof found === 'string') return { warnings: [`sends no clients from outside to itself: ${found}`] };
      const { client: listens } = await ownAddress();
      return { place: { port: listens, ...found, listens } };
    },
    loop: createLoop(clock, look, (error) => {
      log.debug({ error }, 'the Service for clients outside cannot be looked at');
      return untilBeat(lookEveryMs, clock.now());
    }),
  };
}

/** A node whose shard has left the configuration has no such Service any more. */
const isOutside = (config: AgentConfig, self: string): boolean =>
  config.externalAccess !== undefined && nodesOf(config).some(({ name }) => name === self);

/** @returns where clients outside find the node, or why that cannot be said */
export function placeOutside(config: AgentConfig, seen: OutsideService, node: string): ClientPlace | string {
  const { type, host: pattern } = config.externalAccess!;
  const service = objectNames(config.database).externalService(node);
  if (!seen.found) return `there is no Service ${service}`;
  if (type === 'NodePort' && seen.nodePort === undefined) return `the Service ${service} has no node port yet`;
  const address = type === 'NodePort' ? seen.machine : seen.balancer;
  const host = pattern?.replaceAll('{node}', node) ?? address;
  if (host === undefined) {
    return type === 'NodePort'
      ? 'Kubernetes does not say the address of the machine that its pod is on'
      : `the load balancer of the Service ${service} has no address yet`;
  }
  if (host.includes(':'))
    return `servers announce no IPv6 address like ${host}; "externalAccess.host" has to say a name`;
  return { host, ...(type === 'NodePort' ? { port: seen.nodePort! } : {}) };
}
