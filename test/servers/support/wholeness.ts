import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AgentConfig } from '../../../lib/contract/agent-config';
import { slotCount } from '../../../lib/contract/slot-count';
import { layout } from '../../../sidecar/local/layout';
import { countSlots, formatSlots } from '../../../sidecar/slots';
import type { Address } from '../../../sidecar/view';
import { readAccount, type Account } from './account';
import type { TestDatabase } from './database';
import { waitFor } from './wait';

/** The agents say `Healthy` a moment before the last gossip has arrived. Milliseconds. */
const gossipMs = 30_000;

/**
 * Waits until the agents say that the database is healthy, and every single server says the same of itself and of all
 * others: nothing missing, nothing left over, nothing where it was before.
 *
 * @returns every node's account, in the order of the contract
 */
export async function untilWhole(database: TestDatabase, boundMs?: number): Promise<readonly Account[]> {
  await database.untilHealthy(boundMs);
  return waitFor(
    'every server agrees that the database is whole',
    async () => {
      const accounts = await Promise.all(database.local.pods().map(({ name }) => readAccount(database, name)));
      const faults = await findFaults(database, accounts);
      if (faults.length > 0) throw new Error(faults.join('; '));
      return accounts;
    },
    gossipMs,
  );
}

async function findFaults({ local }: TestDatabase, accounts: readonly Account[]): Promise<string[]> {
  const { config } = local.plan;
  const places = new Map(accounts.map(({ node, self }) => [self.id, local.pod(node).address]));
  const labels = await Promise.all(accounts.map(({ node }) => readLabel(local.root, config.database, node)));
  const own = accounts.flatMap((account, index) =>
    [...countFaults(account, config), ...tableFaults(account, places), ...labelFaults(account, labels[index])].map(
      (fault) => `${account.node}: ${fault}`,
    ),
  );
  return [...own, ...shardFaults(config, accounts), ...agreementFaults(accounts)];
}

function countFaults({ info, nodeTimeoutMs }: Account, { shards, nodeTimeoutMs: declared }: AgentConfig): string[] {
  const nodes = shards.flatMap((shard) => shard.nodes).length;
  const expected = {
    cluster_state: 'ok',
    cluster_slots_assigned: `${slotCount}`,
    cluster_slots_ok: `${slotCount}`,
    cluster_known_nodes: `${nodes}`,
    cluster_size: `${shards.length}`,
  };
  const faults = Object.entries(expected).flatMap(([field, value]) =>
    info.get(field) === value ? [] : [`${field} is ${info.get(field) ?? 'missing'}, not ${value}`],
  );
  return nodeTimeoutMs === declared ? faults : [...faults, `its node timeout is ${nodeTimeoutMs} ms, not ${declared}`];
}

/** Exactly the nodes that are there, where they are now. */
function tableFaults({ table }: Account, places: ReadonlyMap<string, Address>): string[] {
  const missing = [...places.keys()].filter((id) => !table.some((entry) => entry.id === id));
  return [
    ...missing.map((id) => `does not know ${id}`),
    ...table.flatMap(({ id, ip, client, bus, health, handshake, connected, openSlots }) => {
      const place = places.get(id);
      if (!place) return [`knows ${id}, who is nobody`];
      const faults = [
        ...(ip === place.ip && client === place.client && bus === place.bus
          ? []
          : [`is not at ${ip}:${client}@${bus}`]),
        ...(health === 'ok' && connected && !handshake ? [] : [`is not reached (${health})`]),
        ...(openSlots.length === 0 ? [] : [`has open slots ${openSlots.join(' ')}`]),
      ];
      return faults.map((fault) => `${id} ${fault}`);
    }),
  ];
}

const labelFaults = ({ self }: Account, label: string | undefined): string[] =>
  label === self.role ? [] : [`is a ${self.role} and labelled "${label ?? ''}"`];

const readLabel = (root: string, database: string, node: string): Promise<string | undefined> =>
  readFile(join(layout.platform(root, database), 'roles', node), 'utf8').catch(() => undefined);

/** One primary a shard, with slots, and everybody else follows it. */
function shardFaults({ shards }: AgentConfig, accounts: readonly Account[]): string[] {
  return shards.flatMap(({ name, nodes }) => {
    const own = accounts.filter(({ node }) => nodes.some((one) => one.name === node));
    const [primary, ...more] = own.filter(({ self }) => self.role === 'primary');
    if (!primary || more.length > 0) return [`${name} has ${primary ? more.length + 1 : 0} primaries`];
    const strays = own.filter(({ self }) => self.role === 'replica' && self.primaryId !== primary.self.id);
    return strays.map(({ node }) => `${node} does not follow ${primary.node}`);
  });
}

/** Every table shares out the same slots, each once, under epochs of their own. */
function agreementFaults(accounts: readonly Account[]): string[] {
  const primaries = accounts.filter(({ self }) => self.role === 'primary').map(({ self }) => self);
  const served = primaries.reduce((sum, { slots }) => sum + countSlots(slots), 0);
  const epochs = primaries.map(({ configEpoch }) => configEpoch);
  const maps = new Set(accounts.map(({ table }) => describeOwners(table)));
  return [
    ...(served === slotCount ? [] : [`primaries claim ${served} slots`]),
    ...(new Set(epochs).size === epochs.length ? [] : [`config epochs are ${epochs.join(', ')}`]),
    ...(maps.size === 1 ? [] : [`tables differ: ${[...maps].join(' and ')}`]),
  ];
}

const describeOwners = (table: Account['table']): string =>
  table
    .flatMap(({ id, slots }) => (slots.length > 0 ? [`${id} ${formatSlots(slots)}`] : []))
    .sort()
    .join(', ');
