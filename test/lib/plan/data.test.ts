import { estimateMoves } from '../../../lib/plan/slots';
import { fc } from '../../chance';
import { changes, changesBetween, edited, effectsIn, only, retold, side } from './sides';

const shards = (count: number) => Array.from({ length: count }, (_, index) => `shard-${index}`);

test('slots that move when a shard is added, and from where', () => {
  const change = only(changes({}, { shards: 4 }), 'move');
  expect(change.what).toBe('3 shards -> 4: about 4096 of 16384 slots move (25 % of the keys)');
  expect(change.moves).toEqual([
    { from: 'shard-0', to: 'shard-3', slots: 1366 },
    { from: 'shard-1', to: 'shard-3', slots: 1365 },
    { from: 'shard-2', to: 'shard-3', slots: 1365 },
  ]);
  expect(change.notes).toEqual([expect.stringMatching(/^an estimate, /)]);
});

test('a shard that leaves is emptied into the others, if they have room', () => {
  const change = only(changes({ shards: 4 }, { shards: 3 }), 'move');
  expect(change.moves!.map(({ from }) => from)).toEqual(['shard-3', 'shard-3', 'shard-3']);
  expect(change.notes.slice(1)).toEqual([
    'a shard that leaves is emptied before its pods end; its volumes stay',
    'the other shards may hold 1152Mi of the 1536Mi before: without room for what is there, the shard does not leave',
  ]);
  const roomy = changes({ shards: 4, maxMemory: '300Mi' }, { shards: 3, maxMemory: '400Mi' });
  expect(only(roomy, 'move').notes).toContain('the other shards have room for all that the old ones may hold');
});

test('what comes and goes with a shard is not said twice', () => {
  const all = changes({ shards: 4 }, { shards: 5 });
  expect(all.flatMap(({ objects }) => objects ?? [])).toEqual(['Role orders-agent']);
});

test('the estimate is balanced, complete, and as small as can be', () => {
  const size = fc.integer({ min: 1, max: 120 });
  fc.assert(
    fc.property(size, size, (old, now) => {
      const moves = estimateMoves(shards(old), shards(now));
      const slots = (count: number) =>
        shards(count).map((_, index) => Math.floor(16384 / count) + (index < 16384 % count ? 1 : 0));
      const have = new Map(shards(old).map((name, index) => [name, slots(old)[index]!]));
      for (const { from, to, slots: moved } of moves) {
        have.set(from, have.get(from)! - moved);
        have.set(to, (have.get(to) ?? 0) + moved);
      }
      const after = [...have].filter(([, count]) => count > 0);
      expect(after.map(([name]) => name).sort()).toEqual(shards(now).sort());
      expect(after.map(([, count]) => count).sort()).toEqual(slots(now).sort());
      const least =
        now > old
          ? slots(now)
              .slice()
              .sort((a, b) => a - b)
              .slice(0, now - old)
              .reduce((sum, count) => sum + count, 0)
          : slots(old)
              .slice(now)
              .reduce((sum, count) => sum + count, 0);
      expect(moves.reduce((sum, { slots: moved }) => sum + moved, 0)).toBe(least);
    }),
  );
});

test('nodes that come copy data, nodes that go hand over', () => {
  const added = only(changes({}, { replicasPerShard: 2 }), 'move');
  expect(added.what).toBe("3 nodes added, and a copy of its shard's data goes to each");
  expect(added.objects).toEqual(['Pod orders-shard-0-2', 'Pod orders-shard-1-2', 'Pod orders-shard-2-2']);
  const removed = only(changes({ replicasPerShard: 2 }, {}), 'restart');
  expect(removed.what).toBe('3 nodes removed; one that is a primary hands over first');
  expect(removed.notes).toEqual(['volumes stay']);
});

test('the last replica of a shard goes with a warning', () => {
  const removed = changes({}, { replicasPerShard: 0 }).find(({ what }) => what.includes('removed'))!;
  expect(removed.notes).toContain('nothing takes over when a shard of one node loses it');
});

test.each([
  ['8.1', '9.1', 'restart', 'valkey 8.1 -> valkey 9.1 has no way back: valkey 8.1 cannot load what valkey 9.1 writes'],
  ['9.1', '8.1', 'refused', 'valkey 9.1 -> valkey 8.1: valkey 8.1 cannot load what valkey 9.1 has written'],
] as const)('an upgrade from %s to %s', (from, to, effect, what) => {
  expect(changes({ version: from }, { version: to })[0]).toMatchObject({ effect, what });
});

test('an upgrade that can be undone says nothing of it', () => {
  expect(changes({ version: '8.0' }, { version: '8.1' }).map(({ what }) => what)).toEqual([
    '6 pods are replaced, one after the other',
  ]);
});

test('another engine is refused where it cannot read the files', () => {
  const redis = { engine: 'redis', version: '8.0' } as const;
  expect(only(changes(redis, { version: '9.1' }), 'refused').what).toBe(
    'redis 8.0 -> valkey 9.1: valkey 9.1 cannot load what redis 8.0 has written',
  );
  expect(effectsIn(changes({ ...redis, version: '7.0' }, { version: '8.1' }))).not.toContain('refused');
});

test('encryption cannot be turned on or off node by node', () => {
  const tls = { secret: { name: 'orders-tls' }, clientCertificates: 'off' } as const;
  expect(only(changes({}, { tls }), 'refused').what).toMatch(/^encryption is turned on: nodes with and without it/);
  expect(only(changes({ tls }, {}), 'refused').what).toMatch(/^encryption is turned off: /);
});

test('clients are told of a password that comes or goes', () => {
  const [comes] = changes({ auth: 'off' }, {});
  expect(comes).toMatchObject({ effect: 'restart', what: 'a password is asked for' });
  expect(changes({}, { auth: 'off' })[0]).toMatchObject({ what: 'no password is asked for any more' });
});

test('volumes neither come nor go, nor shrink, nor change their class', () => {
  const size = (text: string, storageClass?: string) => ({ persistence: { size: text, storageClass } });
  expect(only(changes({ persistence: 'off' }, {}), 'refused').what).toMatch(/^volumes for a database that had none/);
  expect(only(changes({}, { persistence: 'off' }), 'refused').what).toMatch(/^volumes are taken away: data would be/);
  const shrunk = only(changes(size('2Gi'), size('1Gi')), 'refused');
  const grown = only(changes(size('1Gi'), size('2Gi')), 'refused');
  expect(grown.what).toBe('volumes grow 1Gi -> 2Gi, but a claim template can never change');
  expect(grown.notes).toEqual(['say "initialSize: 1Gi" beside the new size, and the agents make the volumes grow']);
  expect(shrunk.what).toBe('volumes shrink 2Gi -> 1Gi: Kubernetes only lets them grow');
  expect(shrunk.objects).toEqual([0, 1, 2].map((index) => `StatefulSet orders-shard-${index}`));
  expect(only(changes(size('1Gi'), size('1Gi', 'fast')), 'refused').what).toBe(
    'spec.storageClassName of a claim (unset -> fast) can never change',
  );
});

test('other fixed fields of a StatefulSet are refused', () => {
  const now = edited(side(), 'StatefulSet', ({ spec, ...rest }) => ({
    ...rest,
    spec: { ...spec, podManagementPolicy: 'OrderedReady', minReadySeconds: 5 },
  }));
  const change = only(changesBetween(side(), now), 'refused');
  expect(change.what).toBe('spec.podManagementPolicy of a StatefulSet can never change');
});

test('volumes that the agents make grow', () => {
  const of = (volumeBytes: number) => retold(side(), { volumeBytes });
  const first = only(changesBetween(side(), of(2 * 2 ** 30)), 'volumes');
  expect(first.what).toBe('6 volumes grow 1Gi -> 2Gi while the servers go on');
  expect(only(changesBetween(of(2 * 2 ** 30), of(3 * 2 ** 30)), 'volumes').what).toMatch(/^6 volumes grow 2Gi -> 3Gi/);
  expect(only(changesBetween(of(2 * 2 ** 30), side()), 'refused').what).toMatch(/^volumes shrink 2Gi -> 1Gi/);
});
