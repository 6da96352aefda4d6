/** What proves that a node is primary, and until when. */
import type { StoredPrimary } from '../../sidecar/edges';
import { createPrimacy } from '../../sidecar/primacy';
import { nobody } from '../../sidecar/record';
import type { AgentReport, PrimaryRecord } from '../../sidecar/view';
import { createMemoryLog } from './support/log';
import { config, record } from './support/replicated-views';

/** The fence time of the configuration. Milliseconds. */
const fenceMs = config.nodeTimeoutMs;

type Fault = 'away' | 'answer lost' | 'on its way';

/** A store that can fail, and a clock that stands still. */
function createWorld(self: string, first: PrimaryRecord = record) {
  let now = 1000;
  let stored: StoredPrimary = { record: first, version: '1' };
  let fault: Fault | undefined;
  const remembered: string[] = [];
  const fail = () => Promise.reject(new Error('the API does not answer'));
  let arrive = (): void => undefined;
  const primacy = createPrimacy({
    self,
    config: () => config,
    clock: { now: () => now, sleep: () => Promise.resolve() },
    log: createMemoryLog(),
    home: {
      rememberPrimary: ({ epoch, primary, source }) =>
        Promise.resolve(void remembered.push([epoch, primary, ...(source === undefined ? [] : [source])].join(' '))),
    },
    platform: {
      readPrimary: () => (fault === 'away' ? fail() : Promise.resolve(stored)),
      async writePrimary(next, version) {
        if (fault === 'away') return fail();
        if (fault === 'on its way') await new Promise<void>((resolve) => (arrive = resolve));
        if (version !== stored.version) return undefined;
        stored = { record: next, version: `${Number(version) + 1}` };
        return fault === 'answer lost' ? fail() : stored.version;
      },
    },
  });
  const says = (node: string, known: PrimaryRecord, asked?: number): void =>
    primacy.hear({ ...report, node, record: known }, asked);
  return {
    primacy,
    remembered,
    says,
    stored: () => stored.record,
    pass: (ms: number) => (now += ms),
    now: () => now,
    fail: (how?: Fault) => (fault = how),
    arrive: () => arrive(),
    swap: (next: PrimaryRecord, base: PrimaryRecord = first) => primacy.swap(base, next),
    change: (next: PrimaryRecord) => (stored = { record: next, version: `${Number(stored.version) + 1}` }),
    provenMs: () => primacy.view().provenMs,
  };
}

/** Every promise that can be followed has been. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const report: AgentReport = { node: '', server: 'up', ending: false, disk: { hasData: true }, host: '', zone: '' };
const after = (primary: string, rest: Partial<PrimaryRecord> = {}): PrimaryRecord => ({
  ...record,
  epoch: record.epoch + 1,
  primary,
  before: record.primary,
  inSync: [],
  history: '',
  ...rest,
});

test('the record, read, proves it for the fence time, and to nobody else', async () => {
  const world = createWorld('s0-0');
  expect(world.provenMs()).toBe(0);
  await world.primacy.look();
  expect(world.provenMs()).toBe(fenceMs);
  world.pass(fenceMs - 1);
  expect(world.provenMs()).toBe(1);
  world.pass(1);
  expect(world.provenMs()).toBe(0);
  const other = createWorld('s0-1');
  await other.primacy.look();
  expect(other.provenMs()).toBe(0);
});

test('with the API away it is proven by all who may succeed, from when they were asked, and by no fewer', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  world.fail('away');
  world.pass(2 * fenceMs);
  world.says('s0-1', record, world.now());
  await world.primacy.look();
  expect(world.provenMs()).toBe(0);
  world.says('s0-2', record, world.now() - 100);
  expect(world.provenMs()).toBe(fenceMs - 100);
  world.says('s0-1', record, world.now() - 2 * fenceMs);
  expect(world.provenMs()).toBe(0);
});

test('a report that was pushed proves nothing: nobody knows how old it is', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  world.pass(fenceMs);
  for (const name of record.inSync) world.says(name, record);
  expect(world.provenMs()).toBe(0);
});

test('who may succeed has to be known for certain: what others or the volume say may be old', async () => {
  const world = createWorld('s0-0');
  world.fail('away');
  world.primacy.recall({ epoch: 4, primary: 's0-0' });
  await world.primacy.look();
  expect(world.provenMs()).toBe(0);
  world.says('s0-1', after('s0-0'), world.now());
  expect(world.provenMs()).toBe(0);
});

test('an agent that is handed the office knows it for certain, without the API', async () => {
  const world = createWorld('s0-1');
  await world.primacy.look();
  world.fail('away');
  world.says('s0-0', after('s0-1'));
  expect(world.provenMs()).toBe(fenceMs);
  expect(world.primacy.view()).toMatchObject({ record: { epoch: 5, primary: 's0-1' }, knownMs: 0, fresh: false });
  expect(world.remembered).toEqual(['4 s0-0', '5 s0-1']);
});

test('the volume is told whose data it is, also where that changes within an epoch', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  const following = { ...record, source: 'old:6379' };
  expect(await world.swap(following)).toBe(true);
  expect(await world.swap(record, following)).toBe(true);
  await world.primacy.look();
  expect(world.remembered).toEqual(['4 s0-0', '4 s0-0 old:6379', '4 s0-0']);
});

test('whoever hears of a successor has lost the office', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  world.says('s0-2', after('s0-1'));
  expect(world.provenMs()).toBe(0);
  world.says('s0-2', record, world.now());
  expect(world.primacy.record()).toMatchObject({ epoch: 5, primary: 's0-1' });
});

test('an office that was perhaps given away is not used before that is known, whatever was read before', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  world.fail('away');
  await expect(world.swap(after('s0-1'))).rejects.toThrow('does not answer');
  for (const name of record.inSync) world.says(name, record, world.now());
  expect(world.provenMs()).toBe(0);
  world.fail();
  await world.primacy.look();
  expect(world.provenMs()).toBe(fenceMs);
  world.fail('answer lost');
  await expect(world.swap(after('s0-1'))).rejects.toThrow('does not answer');
  world.fail();
  await world.primacy.look();
  expect(world.provenMs()).toBe(0);
  expect(world.primacy.record()).toMatchObject({ epoch: 5, primary: 's0-1' });
});

test('a look waits for the change that is on its way, and so does the proof', async () => {
  const world = createWorld('s0-0');
  await world.primacy.look();
  world.fail('on its way');
  const given = world.swap(after('s0-1'));
  await settle();
  world.fail();
  const looked = world.primacy.look();
  await settle();
  expect(world.provenMs()).toBe(0);
  world.arrive();
  expect(await given).toBe(true);
  await looked;
  expect(world.provenMs()).toBe(0);
  expect(world.stored()).toMatchObject({ epoch: 5, primary: 's0-1' });
});

test('who was perhaps added to those who may succeed is asked too', async () => {
  const world = createWorld('s0-0', { ...record, inSync: ['s0-1'] });
  await world.primacy.look();
  world.fail('answer lost');
  await expect(world.swap({ ...record, inSync: ['s0-1', 's0-2'] })).rejects.toThrow('does not answer');
  world.fail('away');
  world.pass(fenceMs);
  world.says('s0-1', record, world.now());
  expect(world.provenMs()).toBe(0);
  world.says('s0-2', record, world.now());
  expect(world.provenMs()).toBe(fenceMs);
});

test('a change is made of the record that it was decided from, or not at all', async () => {
  const world = createWorld('s0-1');
  await world.primacy.look();
  world.change(after('s0-2'));
  expect(await world.swap(after('s0-1'))).toBe(false);
  expect(await world.swap(after('s0-1'))).toBe(false);
  await world.primacy.look();
  expect(await world.swap(after('s0-1'))).toBe(false);
  expect(world.stored()).toMatchObject({ epoch: 5, primary: 's0-2' });
  expect(await world.swap(after('s0-1', { epoch: 6 }), after('s0-2'))).toBe(true);
  expect(world.stored()).toMatchObject({ epoch: 6, primary: 's0-1' });
});

test('it is not made either where a later record has been heard of that is not stored', async () => {
  const world = createWorld('s0-1');
  await world.primacy.look();
  world.says('s0-2', after('s0-2'));
  expect(await world.swap(after('s0-1'))).toBe(false);
  expect(world.stored()).toEqual(record);
});

test('who may succeed no more is not appointed on an older list', async () => {
  const world = createWorld('s0-1');
  await world.primacy.look();
  const shorter = { ...record, inSync: [] };
  world.change(shorter);
  // Once for the version that was known, and once for the list.
  for (let attempt = 0; attempt < 2; attempt++) expect(await world.swap(after('s0-1'))).toBe(false);
  expect(world.primacy.record()).toEqual(shorter);
  expect(await world.swap(after('s0-1'))).toBe(false);
  expect(world.stored()).toEqual(shorter);
});

test('a record that is lost is written again by the primary, and by nobody else', async () => {
  for (const [self, expected] of [
    ['s0-0', record],
    ['s0-1', nobody],
  ] as const) {
    const world = createWorld(self);
    await world.primacy.look();
    world.change(nobody);
    await world.primacy.look();
    expect(world.stored()).toEqual(expected);
    expect(world.primacy.record()).toEqual(record);
  }
});
