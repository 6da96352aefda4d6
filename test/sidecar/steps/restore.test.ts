/** A database that is to start from a backup starts with all of it, or not at all; and only once. */
import { describe as say } from '../../../sidecar/action';
import { judge } from '../../../sidecar/health';
import { planDatabase } from '../../../sidecar/plan';
import { restore } from '../../../sidecar/steps/restore';
import type { AgentReport, DiskView } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { configOf, set } from '../support/rollouts';
import { database, ownView, sound, type Sketch } from '../support/views';

const from = (backup: string) => ({ source: { folder: '/backups' }, database: 'test/db', from: { backup } });
const config = clusterConfig(3, 1, { restore: from('latest') });

const files = { hasData: true, hasFiles: true };

const held = (disk: Partial<DiskView> = {}, rest: Partial<AgentReport> = {}): Sketch => ({
  down: 'absent',
  agent: { disk: { hasData: false, ...disk }, ...rest },
});
const brought = (backup = 'monday'): Sketch => held({ ...files, restore: { backup, done: true } });
const begun = (backup = 'monday'): Sketch => held({ restore: { backup, done: false } });

const seen = (sketches: Readonly<Record<string, Sketch>>) =>
  database({ ...Object.fromEntries(Object.keys(sound).map((name) => [name, held()])), ...sketches });

const planFor = (name: string, sketches: Readonly<Record<string, Sketch>> = {}, given = config, rest = {}): string[] =>
  restore(ownView(seen(sketches), name, rest), given).map(say);

describe('who brings what', () => {
  test('the first node of the first shard sees which backup is the latest, and the others wait for its word', () => {
    expect(planFor('s0-0')).toEqual(['bring part 1 of backup latest to s0-0']);
    expect(planFor('s1-0')).toEqual(['wait: held: the first shard says which backup it is']);
    expect(planFor('s1-0', { 's0-0': begun() })).toEqual(['bring part 2 of backup monday to s1-0']);
  });

  test('where the spec names one, everybody begins at once', () => {
    const named = clusterConfig(3, 1, { restore: from('monday') });
    expect(planFor('s0-0', {}, named)).toEqual(['bring part 1 of backup monday to s0-0']);
    expect(planFor('s2-0', {}, named)).toEqual(['bring part 3 of backup monday to s2-0']);
  });

  test('a node that is to be primary does it rather than another, and a fenced one only if it has begun', () => {
    const wished = clusterConfig(3, 1, { restore: from('monday'), primaries: ['s1-1'] });
    expect(planFor('s1-1', {}, wished)).toEqual(['bring part 2 of backup monday to s1-1']);
    expect(planFor('s1-0', {}, wished)[0]).toMatch(/^wait/);
    expect(planFor('s1-1', { 's1-0': { ...held(), fenced: 'asked for' } })[0]).not.toContain('has its part');
    expect(planFor('s1-0', { 's0-0': begun(), 's1-0': { ...begun(), fenced: 'asked for' } })).toEqual([
      'bring part 2 of backup monday to s1-0',
    ]);
  });

  test('what was begun goes on with the same backup after a restart of the agent, also where a newer one is the latest', () => {
    expect(planFor('s0-0', { 's0-0': begun() })).toEqual(['bring part 1 of backup monday to s0-0']);
  });

  test('what is being brought is waited for, unless the spec has come to name another', () => {
    const restoring = { asked: 'latest', backup: 'monday', bytes: 1, ofBytes: 2 };
    expect(planFor('s0-0', { 's0-0': begun() }, config, { restoring })[0]).toMatch(/is being brought$/);
    expect(planFor('s0-0', {}, config, { restoring: { asked: 'latest', problem: 'no room' } })).toEqual([
      'wait: held: no room',
    ]);
    const changed = clusterConfig(3, 1, { restore: from('sunday') });
    expect(planFor('s0-0', { 's0-0': begun() }, changed, { restoring })).toEqual([
      'bring part 1 of backup sunday to s0-0',
    ]);
  });
});

describe('nobody starts', () => {
  test('before every shard has its part', () => {
    const almost = { 's0-0': brought(), 's1-0': brought(), 's2-0': begun() };
    for (const name of ['s0-0', 's0-1', 's2-1']) {
      expect(planFor(name, almost)).toEqual(['wait: held: s2-0 has its part of the backup brought first']);
    }
    for (const name of Object.keys(sound)) expect(planFor(name, { ...almost, 's2-0': brought() })).toEqual([]);
  });

  test('before every agent has said that its server is held: it may have data', () => {
    const why = 'wait: held: s2-1 may have data already: no agent there says that its server is held';
    expect(planFor('s0-0', { 's2-1': { down: 'unreachable', agent: false } })).toEqual([why]);
    expect(planFor('s0-0', { 's2-1': held({}, { server: 'unknown' }) })).toEqual([why]);
  });

  test('where the parts are of two backups', () => {
    const mixed = { 's0-0': brought('monday'), 's1-0': brought('tuesday'), 's2-0': brought('monday') };
    expect(planFor('s1-0', mixed)).toEqual(['bring part 2 of backup monday to s1-0']);
    expect(planFor('s0-0', mixed)[0]).toMatch(/^wait: held: s1-0/);
  });

  test('where a moment is to be restored, which no agent can', () => {
    const time = { source: { folder: '/backups' }, database: 'test/db', from: { time: '2026-11-21T09:30:00Z' } };
    const given = clusterConfig(3, 1, { restore: time });
    expect(planFor('s0-0', {}, given)[0]).toMatch(/as it was at a moment/);
    expect(judge(given, seen({})).reasons[0]).toMatch(/as it was at a moment/);
  });
});

describe('nothing is restored', () => {
  test('over data, whoever has it, nor while any server runs', () => {
    expect(planFor('s0-0', { 's2-1': held(files) })).toEqual([]);
    // With another persistence than the present one too.
    expect(planFor('s0-0', { 's2-1': held({ hasData: false, hasFiles: true }) })).toEqual([]);
    expect(planFor('s0-0', { 's2-1': sound['s2-1']! })).toEqual([]);
    expect(planFor('s0-0', { 's2-1': held({}, { server: 'loading' }) })).toEqual([]);
  });

  test('over a database that was there and has lost part of its data', () => {
    const was = { id: 'x', role: 'primary' as const, configEpoch: 1, slots: [] };
    expect(planFor('s0-0', { 's2-1': held({ cluster: was }) })).toEqual([]);
  });

  test('half: where the spec says nothing of it any more, nobody starts before it says it again', () => {
    const given = clusterConfig(3, 1);
    const half = { 's0-0': brought(), 's1-0': begun() };
    const why =
      'backup monday has not been brought to s1, s2, and the spec has no "restore" any more: ' +
      'say it again, or delete the claims of all volumes to start with nothing';
    for (const name of Object.keys(sound)) expect(planFor(name, half, given)).toEqual([`wait: held: ${why}`]);
    expect(judge(given, seen(half))).toMatchObject({ health: 'Critical' });
    expect(judge(given, seen(half)).reasons[0]).toBe(why);
    expect(planFor('s0-0', { ...half, 's2-0': sound['s2-0']! }, given)).toEqual([]);
    const whole = { 's0-0': brought(), 's1-0': brought(), 's2-0': brought() };
    expect(planFor('s0-0', whole, given)).toEqual([]);
  });

  test('where the spec says nothing of it', () => {
    expect(planFor('s0-0', {}, clusterConfig(3, 1))).toEqual([]);
    expect(judge(clusterConfig(3, 1), seen({})).reasons.join()).not.toContain('backup');
  });
});

test('all volumes are lost, and the record of who was primary is not: that node has it brought again', () => {
  const given = clusterConfig(1, 2, { topology: 'replication', restore: from('monday') });
  const record = { epoch: 7, primary: 's0-1', before: '', vacated: true, inSync: [], history: '' };
  const lost = held({ lastPrimary: { epoch: 7, primary: 's0-1' } }, { record });
  const view = database({ 's0-0': lost, 's0-1': lost, 's0-2': lost });
  const plan = (name: string) => restore(ownView(view, name), given).map(say);
  expect(plan('s0-1')).toEqual(['bring part 1 of backup monday to s0-1']);
  expect(plan('s0-0')).toEqual(['wait: held: s0-1 has its part of the backup brought first']);
});

describe('a change of what the pods are', () => {
  const sets = ['s0', 's1', 's2'].map((shard) => set(shard, 0));
  const first = (sketches: Readonly<Record<string, Sketch>>) =>
    planDatabase({ ...seen(sketches), sets }, { ...config, upgrade: configOf({ sets }).upgrade! })[0];

  test('is for all of them at once: nobody runs yet', () => {
    expect(first({})).toMatchObject({ do: 'set-partition', partition: 0 });
  });

  test('is for one after the other where somebody cannot be asked, and may run', () => {
    expect(first({ 's2-1': { down: 'unreachable', agent: false } })).not.toMatchObject({ partition: 0 });
  });
});

test('the status says how far each is', () => {
  const restoring = { asked: 'latest', backup: 'monday', bytes: 1.5 * 2 ** 20, ofBytes: 3 * 2 ** 20 };
  const view = seen({
    's0-0': held({ restore: { backup: 'monday', done: false } }, { restoring }),
    's1-0': held({}, { restoring: { asked: 'monday', problem: 'no room' } }),
  });
  expect(judge(config, view)).toMatchObject({ health: 'Critical' });
  expect(judge(config, view).reasons[0]).toBe(
    'the backup is being brought: s0-0 has 1.5 MiB of 3.0 MiB, s1-0 cannot: no room, s2-0 has not begun',
  );
});
