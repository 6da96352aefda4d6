/** Who can become a primary by a handover, and who cannot, and why. */
import type { AgentConfig } from '../../../lib/contract/agent-config';
import { chooseSwitchover } from '../../../sidecar/commands/switchover';
import { planDatabase } from '../../../sidecar/plan';
import { prefer } from '../../../sidecar/steps/replication/prefer';
import { clusterConfig } from '../support/config';
import { config as replicated, copies, ownCopy, record, type CopySketch } from '../support/replicated-views';
import { database, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const fenced = 'its pod says so';

const choose = (
  name: string | undefined,
  given: Readonly<Record<string, Sketch>> = {},
  more: Partial<AgentConfig> = {},
) => chooseSwitchover(database({ ...sound, ...given }), { ...config, ...more }, name === undefined ? {} : { name });

describe('in a cluster', () => {
  test('a replica in sync takes over', () => {
    expect(choose('s1-1')).toEqual({ shard: 's1', from: 's1-0', to: 's1-1' });
    expect(chooseSwitchover(database(sound), config, { shard: 's2' })).toEqual({
      shard: 's2',
      from: 's2-0',
      to: 's2-1',
    });
  });

  test.each<[string, Sketch, string]>([
    ['that is fenced', { follows: 's1-0', ending: true, fenced }, 'it is fenced: its pod says so'],
    ['that is ending', { follows: 's1-0', ending: true }, 'its pod is ending'],
    ['that is down', { follows: 's1-0', down: 'absent' }, 'its server does not answer: for the test'],
    ['that loads', { follows: 's1-0', server: { loading: true } }, 'it is loading its data'],
    ['without an agent', { follows: 's1-0', agent: false }, 'its agent does not answer'],
    ['without a link', { follows: 's1-0', server: { linkUp: false } }, 'it has no link to s1-0'],
    ['of another primary', { follows: 's0-0' }, 'it does not follow s1-0'],
  ])('a replica %s does not', (_what, sketch, why) => {
    expect(() => choose('s1-1', { 's1-1': sketch })).toThrow(`s1-1 cannot take over: ${why}`);
  });

  test('nor one that is far behind, or that the others do not know', () => {
    const ahead = { 's1-0': { ...sound['s1-0'], server: { offset: 2_000_000 } } };
    expect(() => choose('s1-1', ahead)).toThrow('it is 1999900 bytes behind s1-0, more than 1048576');
    const wrong = { 's1-1': { role: 'primary' as const, primaryId: undefined as unknown as string } };
    const strangers = {
      's0-0': { ...sound['s0-0'], believes: wrong },
      's2-0': { ...sound['s2-0'], believes: wrong },
    };
    expect(() => choose('s1-1', strangers)).toThrow('most primaries do not know it as a replica of s1-0 yet');
  });

  test('nor the primary itself, nor against the spec', () => {
    expect(() => choose('s1-0')).toThrow('s1-0 cannot take over: it is the primary already');
    expect(() => choose('s1-1', {}, { primaries: ['s1-0'] })).toThrow(
      'the spec wants s1-0 as the primary of s1: change it there',
    );
  });

  test('without a name the reasons of all are told', () => {
    const view = database({ ...sound, 's1-1': { follows: 's1-0', down: 'absent' } });
    expect(() => chooseSwitchover(view, config, { shard: 's1' })).toThrow(
      'nobody of s1 can take over: s1-0: it is the primary already; s1-1: its server does not answer: for the test',
    );
  });

  test('a name has to be one of a node, and of the shard that is named', () => {
    expect(() => choose('s7-0')).toThrow('node "s7-0": expected one of s0-0, s0-1, s1-0');
    expect(() => choose(undefined)).toThrow('name a node, or a shard: --shard, one of s0, s1, s2');
    expect(() => chooseSwitchover(database(sound), config, { name: 's1-1', shard: 's0' })).toThrow(
      's1-1 is of s1, not of s0',
    );
    expect(() => chooseSwitchover(database(sound), config, { shard: 's7' })).toThrow(
      '--shard: expected one of s0, s1, s2',
    );
  });

  test('the coordinator moves a primary to where the spec wants it, when nothing else is to be done', () => {
    const wanted = { ...config, primaries: ['s1-1', 's2-1'] };
    const handover = { do: 'failover', node: 's1-1', id: 's1-1', from: 's1-0', force: false };
    expect(planDatabase(database(sound), wanted)).toEqual([handover]);
    expect(planDatabase(database({ ...sound, 's0-1': { ...sound['s0-1'], down: 'absent' } }), wanted)).toMatchObject([
      { do: 'wait' },
    ]);
    const fencedHeir = { ...sound, 's1-1': { follows: 's1-0', down: 'absent' as const, ending: true, fenced } };
    expect(planDatabase(database(fencedHeir), wanted)).toEqual([
      { ...handover, node: 's2-1', id: 's2-1', from: 's2-0' },
    ]);
    expect(planDatabase(database(sound), { ...config, primaries: ['s1-0'] })).toEqual([]);
  });
});

describe('of a primary and its replicas', () => {
  const select = (name: string | undefined, sketches: Readonly<Record<string, CopySketch>> = {}, known = record) =>
    chooseSwitchover(copies(sketches, known), replicated, name === undefined ? {} : { name });

  test('the one that has the most takes over, or the one that is named', () => {
    expect(select('s0-1')).toEqual({ shard: 's0', from: 's0-0', to: 's0-1' });
    expect(select(undefined, { 's0-2': { server: { offset: 101 } } })).toMatchObject({ to: 's0-2' });
    const least = { 's0-1': { server: { offset: 101 } }, 's0-2': { copy: { priority: 10 } } };
    expect(select(undefined, least)).toMatchObject({ to: 's0-2' });
  });

  test.each<[string, CopySketch, string]>([
    ['that is never chosen', { copy: { priority: 0 } }, 'its "replica-priority" is 0, which is never chosen'],
    ['of somebody else', { copy: { from: { ip: 'elsewhere', client: 1 } } }, 'it does not follow s0-0'],
    ['without a link', { server: { linkUp: false } }, 'it has no link to s0-0'],
    ['of another stream', { copy: { history: 'another' } }, 'it is not noted yet as a copy of s0-0'],
  ])('a replica %s does not', (_what, sketch, why) => {
    expect(() => select('s0-1', { 's0-1': sketch })).toThrow(`s0-1 cannot take over: ${why}`);
  });

  test('nor anybody while the primary takes no writes', () => {
    expect(() => select('s0-1', { 's0-0': { down: 'absent' } })).toThrow('there is no primary that takes writes');
    expect(() => select('s0-1', {}, { ...record, inSync: ['s0-2'] })).toThrow('it is not noted yet');
  });

  test('the primary does what a person asks for before what the spec wants', () => {
    const view = ownCopy('s0-0', copies());
    const to = (name: string | undefined, primaries: string[], epoch = record.epoch) =>
      prefer({ ...view, ...(name === undefined ? {} : { wished: { to: name, epoch } }) }, { ...replicated, primaries });
    expect(to('s0-2', [])).toMatchObject([{ do: 'hand-over', node: 's0-2', from: 's0-0' }]);
    expect(to('s0-2', ['s0-0'])).toMatchObject([{ do: 'hand-over', node: 's0-2' }]);
    expect(to(undefined, ['s0-1'])).toMatchObject([{ do: 'hand-over', node: 's0-1' }]);
    expect(to('s0-0', ['s0-1'])).toEqual([]);
    // It has been carried out, and somebody has handed back since.
    expect(to('s0-2', [], record.epoch - 2)).toEqual([]);
  });
});

test('other topologies say what to do instead', () => {
  expect(() => choose('s0-0', {}, { topology: 'standalone' })).toThrow('it has one node');
  expect(() => choose('s0-0', {}, { topology: 'multi-master' })).toThrow('"preferredWriter" of the spec');
});
