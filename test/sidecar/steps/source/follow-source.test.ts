/** A primary and its replicas that follow a primary elsewhere. */
import { judge } from '../../../../sidecar/health';
import { planDatabase, planLabel, planNode } from '../../../../sidecar/plan';
import { judgeReadiness } from '../../../../sidecar/readiness';
import { renderStatus } from '../../../../sidecar/status/table';
import type { OwnView, PrimaryRecord, SourceLink } from '../../../../sidecar/view';
import { config as usual, copies, ownCopy, record as own, type CopySketch } from '../../support/replicated-views';

const closed = 2 ** 31 - 1;
const name = 'old.example:6379';
const config = { ...usual, replicaOf: { host: 'old.example', port: 6379, auth: 'off', tls: 'off' } } as const;
const record: PrimaryRecord = { ...own, source: name };
const source = { name, port: 7000, offset: 150, history: 'stream' };
const link: SourceLink = { port: 7000, up: true, silentSeconds: 0 };
const leader = (rest: Partial<SourceLink> = {}): CopySketch => ({
  server: { role: 'primary' },
  copy: { floor: closed, source: { ...link, ...rest } },
  agent: { source },
});

type Sketches = Readonly<Record<string, CopySketch>>;
const view = (node: string, sketches: Sketches, rest: Partial<OwnView> = {}, known = record): OwnView => {
  const seen = copies({ 's0-0': leader(), ...sketches }, known);
  return { ...ownCopy(node, seen, { known: { record: known }, source, labelledRole: 'replica' }), ...rest };
};
const plan = (...given: Parameters<typeof view>) => planNode(view(...given), config);
const promote = (...given: Parameters<typeof view>) => planNode(view(...given), usual);

test('nothing is done where all follow, and nobody is a primary for clients', () => {
  for (const node of ['s0-0', 's0-1', 's0-2']) {
    expect([plan(node, {}), planLabel(view(node, {}), config)]).toEqual([[], []]);
  }
  expect(planLabel(view('s0-0', {}, { labelledRole: 'primary' }), config)).toEqual([
    { do: 'label', node: 's0-0', role: 'replica' },
  ]);
  expect(planDatabase(copies({ 's0-0': leader() }, record), config)).toEqual([]);
});

describe('the first primary', () => {
  const absent: CopySketch = { down: 'absent', agent: { disk: { hasData: false } } };
  const nobody = { epoch: 0, primary: '', before: '', vacated: true, inSync: [], history: '' };
  const all = (disk: OwnView['disk']) => ({
    's0-0': { ...absent, agent: { disk } },
    's0-1': { ...absent, agent: { disk } },
    's0-2': { ...absent, agent: { disk } },
  });
  const begin = (disk: OwnView['disk']) => plan('s0-0', all(disk), { disk }, nobody);

  test('is to have the data of the source where there is none', () => {
    expect(begin({ hasData: false })).toMatchObject([{ do: 'appoint', node: 's0-0', epoch: 1, source: name }]);
  });

  test('has its own data where there is some, and that of a source where somebody remembers it', () => {
    const lastPrimary = { epoch: 4, primary: 's0-0' };
    const [own] = begin({ hasData: true, lastPrimary });
    expect(own).toMatchObject({ do: 'appoint', epoch: 5 });
    expect(own).not.toHaveProperty('source');
    const remembered = { hasData: true, lastPrimary: { ...lastPrimary, source: name } };
    expect(begin(remembered)).toMatchObject([{ do: 'appoint', epoch: 5, source: name }]);
  });

  test('starts as a replica of the source', () => {
    const alone = { 's0-0': { down: 'absent' }, 's0-1': { down: 'absent' }, 's0-2': { down: 'absent' } } as const;
    const role = { follow: { ip: '127.1', client: 7000 } };
    expect(plan('s0-0', alone)).toMatchObject([{ do: 'permit', node: 's0-0', role }]);
    expect(promote('s0-0', alone)).toMatchObject([{ do: 'permit', node: 's0-0', role: 'primary' }]);
  });
});

test('whoever takes over follows the source, and the others follow him once he has a link to it', () => {
  const after = { ...record, epoch: 5, primary: 's0-1', before: 's0-0' };
  const known = { agent: { record: after } };
  expect(plan('s0-1', { 's0-1': { server: { role: 'replica' }, ...known } }, {}, after)).toEqual([
    { do: 'follow-source', node: 's0-1', name, port: 7000 },
  ]);
  const seen = (up: boolean) => ({ 's0-1': { ...leader({ up }), ...known } });
  expect(plan('s0-0', seen(true), {}, after)).toMatchObject([{ do: 'follow', primary: 's0-1', wasPrimary: true }]);
  expect(plan('s0-0', seen(false), {}, after)).toEqual([]);
});

test('with data of its own it goes on to lead and take writes, whatever the spec says', () => {
  const server = { 's0-0': {} };
  expect(plan('s0-0', server, { labelledRole: 'primary' }, own)).toEqual([]);
  const closedDoor = { 's0-0': { copy: { floor: closed } } };
  expect(plan('s0-0', closedDoor, {}, own)).toEqual([{ do: 'open', node: 's0-0', replicas: 0 }]);
  expect(judge(config, copies({}, own))).toMatchObject({ health: 'Warning', source: { state: 'refused' } });
});

test('without any data it turns to the source, once all can be seen to have none', () => {
  const none: CopySketch = { copy: { keys: 0 } };
  const empty = { 's0-0': none, 's0-1': none, 's0-2': none };
  expect(plan('s0-0', empty, {}, own)).toMatchObject([{ do: 'follow-source' }]);
  const silent = { ...empty, 's0-2': { down: 'unreachable', silentMs: 100, looks: 1 } } as const;
  expect(plan('s0-0', silent, { labelledRole: 'primary' }, own)).toEqual([]);
});

test('takes no writes before the record says that its data is its own', () => {
  expect(promote('s0-0', {})).toEqual([{ do: 'note-source', node: 's0-0', base: record }]);
  expect(promote('s0-0', {}, {}, own)).toEqual([{ do: 'lead', node: 's0-0', epoch: 4 }]);
  const led = { 's0-0': { copy: { floor: closed } } };
  expect(promote('s0-0', led)).toEqual([{ do: 'note-source', node: 's0-0', base: record }]);
  const stale = ownCopy('s0-0', copies(led, record), { known: { record, fresh: false } });
  expect(planNode(stale, usual)).toEqual([]);
  const successor = { 's0-0': { server: { role: 'replica' } } } as const;
  expect(promote('s0-0', successor)).toEqual([{ do: 'note-source', node: 's0-0', base: record }]);
});

test('is ready as soon as it has copied something, also while the source is away', () => {
  const ready = (sketch: CopySketch) => judgeReadiness(view('s0-0', { 's0-0': sketch })).ready;
  expect(ready(leader())).toBe(true);
  expect(ready(leader({ up: false }))).toBe(true);
  expect(ready({ ...leader({ up: false }), copy: { ...leader({ up: false }).copy, keys: 0 } })).toBe(false);
});

test('the status says whom it follows, how far it is behind, and what is wrong', () => {
  const status = (sketch: CopySketch) => judge(config, copies({ 's0-0': sketch }, record));
  const sound = status(leader());
  expect(sound).toMatchObject({
    health: 'Healthy',
    source: { name, node: 's0-0', state: 'linked', lagBytes: 50, silentSeconds: 0 },
    nodes: [{ role: 'replica' }, { role: 'replica' }, { role: 'replica' }],
  });
  expect(renderStatus(sound)).toContain('\n  follows old.example:6379: linked, 50 B behind\n');
  const copying = status(leader({ up: false, copiedBytes: 3 * 1024 ** 2 }));
  expect(copying).toMatchObject({ health: 'Degraded', source: { state: 'copying', copiedBytes: 3 * 1024 ** 2 } });
  expect(renderStatus(copying)).toContain('  follows old.example:6379: copying, 3.0 MiB have arrived\n');
  const away = status({
    ...leader({ up: false, silentSeconds: 7 }),
    agent: { source: { ...source, reason: 'refused' } },
  });
  expect(away.reasons).toEqual(['nothing is copied from old.example:6379: no link for 7 s: refused']);
});
