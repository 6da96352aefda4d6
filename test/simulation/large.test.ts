/**
 * A large cluster starts again from its volumes, loses a server, and then a machine. `KEYSPACE_SHARDS=334` has the 1,002 nodes that the engine's bus is
 * made for (https://valkey.io/topics/cluster-spec/) and takes some ten minutes and 6 GB; usual runs have a smaller one.
 */
import { renderAgentConfig } from '../../lib/contract/render-agent-config';
import { slotCount } from '../../lib/contract/slot-count';
import { isServed } from './scale';
import type { SavedTable } from './engine/table';
import { isHealthy, lastWord } from './healthy';
import { createAll, crashServer, powerOff, powerOn } from './kubelet';
import { createStore } from './server/store';
import { createWorld, type World } from './world';

jest.setTimeout(3_600_000);

const shards = Number(process.env.KEYSPACE_SHARDS ?? 20);
const replicas = 2;

/** What a ConfigMap holds. */
const mostBytes = 2 ** 20;

/** Bounds in simulated time. Milliseconds. */
const nodeTimeoutMs = 15_000;
const [startedWithinMs, servedWithinMs, poweredWithinMs, healedWithinMs] = [60_000, 1000, nodeTimeoutMs + 1000, 60_000];

test(`${shards} shards of ${replicas + 1} nodes are whole again after each fault, and the documents about them fit`, async () => {
  const world = createWorld(
    { seed: 1, shards, scaleTo: shards, replicas, hosts: 12, nodeTimeoutMs, persistent: true, deletesStrays: false },
    { onDropped: () => undefined, slotOf: () => 0 },
  );
  const { tempo } = world;
  let [seen, largest] = [0, 0];
  const noteStatus = (): void => {
    if (!world.lastPass || world.lastPass.at === seen) return;
    seen = world.lastPass.at;
    largest = Math.max(largest, JSON.stringify(world.lastPass.pass.status, null, 2).length);
  };
  const until = async (what: string, boundMs: number, enough: () => boolean): Promise<void> => {
    const began = tempo.now();
    const met = { at: -Infinity };
    await tempo.run(boundMs, () => {
      noteStatus();
      if (met.at < began && enough()) met.at = tempo.now();
      return met.at >= began;
    });
    if (met.at < began) throw new Error(`not ${what} within ${boundMs} ms: ${lastWord(world)}`);
    console.log(`${what} after ${Math.round(met.at - began)} ms of its time`);
  };
  const whole = () => until('whole', healedWithinMs, isHealthySince(world, tempo.now()));

  fillVolumes(world);
  createAll(world);
  await until('started', startedWithinMs, isHealthySince(world, 0));

  crashServer(world, world.pods.get(nodeName(0, 0))!);
  await until('served after a crash', servedWithinMs, every(10, world, isServed));
  await whole();

  const [, host] = world.hosts;
  powerOff(world, host!);
  await until('served without a machine', poweredWithinMs, every(100, world, isServed));
  powerOn(world, host!);
  await whole();

  console.log(`${largest} bytes of status at the most`);
  expect(largest).toBeLessThan(mostBytes);
  expect(Object.values(renderAgentConfig(world.config)).join('').length).toBeLessThan(mostBytes);
});

const isHealthySince = (world: World, since: number) => () => isHealthy(world, since);

/** Asks now and then: it looks at every server. */
function every(ms: number, world: World, is: (world: World) => boolean): () => boolean {
  let at = -Infinity;
  return () => {
    if (world.tempo.now() - at < ms) return false;
    at = world.tempo.now();
    return is(world);
  };
}

const nodeName = (shard: number, index: number): string => `db-s${shard}-${index}`;

/** What every server of a cluster that was formed long ago has on its volume. */
function fillVolumes({ config, volumes }: World): void {
  const idOf = (name: string): string => Buffer.from(name).toString('hex').padStart(40, '0');
  const peers = config.shards.flatMap(({ name, nodes }, shard) => {
    const [first, next] = [shard, shard + 1].map((each) => Math.floor((each * slotCount) / config.shards.length));
    return nodes.map((node, index) => ({
      id: idOf(node.name),
      role: index === 0 ? ('primary' as const) : ('replica' as const),
      primaryId: index === 0 ? undefined : idOf(nodes[0]!.name),
      shardId: name,
      ip: '',
      hostname: node.host,
      addressless: true,
      suspected: false,
      failed: false,
      configEpoch: shard + 1,
      slots: index === 0 ? [[first!, next! - 1] as const] : [],
    }));
  });
  for (const { hostname, id } of peers) {
    const table: SavedTable = {
      id,
      currentEpoch: config.shards.length,
      lastVoteEpoch: 0,
      peers,
      migrating: [],
      importing: [],
    };
    volumes.set(hostname.split('.')[0]!, { ...createStore(true), table, hasFile: true, stoppedAt: -60_000 });
  }
}
