import { chooseSources, demandSameOwners, readSlotOwners, type Candidate } from '../../../sidecar/backup/sources';
import { clusterConfig } from '../support/config';
import { database, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const seen = (sketch: Readonly<Record<string, Sketch>> = {}): Candidate[] =>
  database({ ...sound, ...sketch }).nodes.map(({ name, shard, address, server }) => ({
    shard,
    node: { name, host: `${name}.db` },
    at: address,
    server,
  }));

const chosen = (candidates: readonly Candidate[], given = config): string[] =>
  chooseSources(given, candidates).map(({ node }) => node.name);

const backup = { destination: { folder: '/backups' }, schedules: [] };

test('a replica in sync is copied, so that the primary is left alone', () => {
  expect(chosen(seen())).toEqual(['s0-1', 's1-1', 's2-1']);
});

test('the primary is copied where the spec says so', () => {
  expect(chosen(seen(), { ...config, backup: { ...backup, source: 'primary' } })).toEqual(['s0-0', 's1-0', 's2-0']);
});

test.each<[string, Partial<Sketch>]>([
  ['is not linked', { server: { linkUp: false } }],
  ['has heard nothing for too long', { server: { linkSilentSeconds: 31 } }],
  ['is loading', { server: { loading: true } }],
  ['does not answer', { down: 'absent' }],
])('the primary is copied where its replica %s', (_, replica) => {
  expect(chosen(seen({ 's0-1': { ...sound['s0-1'], ...replica } }))).toEqual(['s0-0', 's1-1', 's2-1']);
});

test('a shard that nobody can be copied of is no part that may be missing', () => {
  const gone = { 's1-0': { ...sound['s1-0'], down: 'absent' }, 's1-1': { ...sound['s1-1'], down: 'absent' } } as const;
  expect(() => chosen(seen(gone))).toThrow(
    /^s1 has neither a replica in sync nor a primary to copy: s1-0 does not answer/,
  );
});

test('where every node is a primary, one that writers are not sent to is copied', () => {
  const mesh = { ...clusterConfig(1, 1), topology: 'multi-master' as const, primaries: ['s0-0'] };
  const nodes = seen().filter(({ shard }) => shard === 's0');
  const primaries = nodes.map((node) => ({
    ...node,
    server: { ...node.server, role: 'primary' } as Candidate['server'],
  }));
  expect(chosen(primaries, mesh)).toEqual(['s0-1']);
  expect(chosen(primaries, { ...mesh, backup: { ...backup, source: 'primary' } })).toEqual(['s0-0']);
});

test('every slot is in one shard, before and after', () => {
  const owners = readSlotOwners(config, seen());
  expect(Object.keys(owners)).toEqual(['s0', 's1', 's2']);
  demandSameOwners(owners, readSlotOwners(config, seen()));
  const moved = { ...owners, s0: [[0, 9]] as const, s1: [[10, 99]] as const };
  expect(() => demandSameOwners(owners, moved)).toThrow('slots of s0, s1 were moved while the backup was made');
});

test('the slots of a shard are known from its replica alone', () => {
  const without = seen({ 's0-0': { ...sound['s0-0'], down: 'absent' } });
  expect(readSlotOwners(config, without)).toEqual(readSlotOwners(config, seen()));
});

test('slots that are in no shard are not backed up, which is not a backup', () => {
  const without = seen().filter(({ shard }) => shard !== 's2');
  expect(() => readSlotOwners(config, without)).toThrow(/of 16384 slots are in no shard$/);
});

test('a slot on its way would be in two files or in none', () => {
  const candidates = seen().map(
    (candidate) =>
      JSON.parse(JSON.stringify(candidate).replace('"openSlots":[]', '"openSlots":["42->s1-0"]')) as Candidate,
  );
  expect(() => readSlotOwners(config, candidates)).toThrow('slots are being moved (42->s1-0)');
});
