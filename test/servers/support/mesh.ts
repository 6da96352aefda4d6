import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { App, Chart, Yaml } from 'cdk8s';

import { MultiMaster, type MultiMasterProps } from '../../../lib';
import { layout } from '../../../sidecar/local/layout';
import type { TestDatabase } from './database';
import { waitFor } from './wait';

/** Name of every mesh under test. */
export const meshName = 'board';

/** Nodes of a mesh, by their numbers. */
export const meshNode = (ordinal: number): string => `${meshName}-server-${ordinal}`;

/** What the library makes of a spec: the very manifests that a user would apply. */
export function synthesizeMesh(spec: Partial<MultiMasterProps> = {}, namespace = 'shop'): string {
  const chart = new Chart(new App(), meshName, { namespace });
  new MultiMaster(chart, meshName, {
    version: '6.3',
    auth: { secret: { name: `${meshName}-auth` } },
    tls: 'off',
    persistence: { size: '1Gi' },
    nodeTimeoutMs: 2000,
    ...spec,
  });
  return Yaml.stringify(...(chart.toJson() as object[]));
}

/** Names of the nodes that wear the label of the one to which writers are sent. */
export async function writersOf({ local }: TestDatabase): Promise<string[]> {
  const names = local.plan.pods.map(({ name }) => name);
  const folder = `${layout.platform(local.root, meshName)}/roles`;
  const roles = await Promise.all(names.map((name) => readFile(`${folder}/${name}`, 'utf8').catch(() => '')));
  return names.filter((_, index) => roles[index] === 'primary');
}

/** Waits until exactly one node is labelled as the one to which writers are sent, and it is fit for it. */
export async function untilWriter(
  database: TestDatabase,
  fits: (node: string) => boolean = () => true,
): Promise<string> {
  await database.until('one node is where writers are sent', async () => {
    const writers = await writersOf(database);
    return writers.length === 1 && fits(writers[0]!);
  });
  return (await writersOf(database))[0]!;
}

/** Somebody who writes at one node, each time a new key, and knows what was answered. */
export interface MeshWriter {
  /** How many writes were answered so far. */
  readonly answered: () => number;
  /** Resolves when the last write is over. */
  readonly stop: () => Promise<void>;
  /** Stops, and waits until all nodes have every write that was answered. */
  readonly verify: (nodes: readonly string[]) => Promise<void>;
}

/** Pause between two writes. Milliseconds. */
const paceMs = 2;

/** Longest wait for the last writes to get around. Milliseconds. */
const aroundMs = 30_000;

/** Writes until told to stop, whatever happens to the node; a write that failed is not tried again. */
export function startMeshWriter(database: TestDatabase, node: string): MeshWriter {
  const answered: string[] = [];
  let stopped = false;
  const work = async (): Promise<void> => {
    for (let number = 0; !stopped; number++) {
      const key = `${node}:${number}`;
      await database.ask(node, 'SET', key, number).then(
        () => answered.push(key),
        () => delay(50),
      );
      await delay(paceMs);
    }
  };
  const working = work();
  const stop = (): Promise<void> => {
    stopped = true;
    return working;
  };
  return {
    answered: () => answered.length,
    stop,
    async verify(nodes) {
      await stop();
      for (const one of nodes) {
        await waitFor(`${one} has every write of ${node}`, () => hasAll(database, one, answered), aroundMs);
      }
    },
  };
}

async function hasAll({ ask }: TestDatabase, node: string, keys: readonly string[]): Promise<true> {
  const values = (await ask(node, 'MGET', ...(keys as [string]))) as (string | null)[];
  const lost = keys.filter((key, index) => values[index] !== key.split(':')[1]);
  if (lost.length > 0) throw new Error(`${lost.length} of ${keys.length} are missing, ${lost[0]!} is the first`);
  return true;
}
