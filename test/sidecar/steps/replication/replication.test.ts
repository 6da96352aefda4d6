/** A primary and its replicas, one decision at a time. */
import { planGuard, planLabel as planLabelOf, planNode } from '../../../../sidecar/plan';
import type { OwnView, PrimaryRecord } from '../../../../sidecar/view';
import { addressOf, config, copies, ownCopy, record, type CopySketch } from '../../support/replicated-views';

type Sketches = Readonly<Record<string, CopySketch>>;
type Rest = Parameters<typeof ownCopy>[2];

const closed = 2 ** 31 - 1;
const plan = (view: OwnView, more: Partial<typeof config> = {}) => planNode(view, { ...config, ...more });
const planLabel = (view: OwnView) => planLabelOf(view, config);
const planOf = (name: string, sketches: Sketches, rest?: Rest) => plan(ownCopy(name, copies(sketches), rest));
const held = (why: string) => [{ do: 'wait', why: `held: ${why}` }];

test('nothing is done where all is well', () => {
  for (const name of ['s0-0', 's0-1', 's0-2']) {
    const view = ownCopy(name, copies());
    expect([plan(view), planGuard(view, config), planLabel(view)]).toEqual([[], [], []]);
  }
});

describe('a server that asks to start', () => {
  const absent: CopySketch = { down: 'absent', silentMs: 100, looks: 1 };

  test('starts as a replica of the primary, wherever that is', () => {
    expect(planOf('s0-1', { 's0-1': absent })).toEqual([
      { do: 'permit', node: 's0-1', start: 'this start', role: { follow: addressOf('s0-0') }, why: 'it follows s0-0' },
    ]);
  });

  test('is held while nobody says who is primary', () => {
    const view = ownCopy('s0-1', copies({ 's0-1': absent }));
    expect(plan({ ...view, primacy: { knownMs: 0, provenMs: 0, fresh: false, open: false } })).toEqual(
      held('who is primary is not known: the record has not been read yet'),
    );
  });

  test('waits as the primary with data for those who may take over, and no longer than twice the node timeout', () => {
    const others = { 's0-1': { copy: { history: 'other' } }, 's0-2': { down: 'absent' } } as const;
    const at = (heldMs: number) => planOf('s0-0', { 's0-0': absent, ...others }, { heldMs });
    expect(at(100)).toEqual(held('s0-1 may take over'));
    expect(at(10_000)).toMatchObject([{ do: 'permit', role: 'primary' }]);
    const alone = { 's0-1': { down: 'absent' }, 's0-2': { down: 'absent' } } as const;
    expect(planOf('s0-0', { 's0-0': absent, ...alone })).toMatchObject([{ do: 'permit', role: 'primary' }]);
  });

  test('does not wait for those who may never take over', () => {
    const never = { 's0-1': { copy: { priority: 0 } }, 's0-2': { copy: { priority: 0 } } };
    expect(planOf('s0-0', { 's0-0': absent, ...never })).toMatchObject([{ do: 'permit', role: 'primary' }]);
  });

  test('without data never starts as the primary while anybody has some, however long it takes', () => {
    const disk = { hasData: false };
    const never = { linkUp: false, linkSilentSeconds: 1_000_000_000 };
    const empty: CopySketch = { server: never, copy: { keys: 0, history: 'other' }, agent: { disk } };
    const hanging: CopySketch = { down: 'unreachable', agent: { server: 'up' } };
    const at = (mate: CopySketch) =>
      planOf('s0-0', { 's0-0': absent, 's0-1': mate, 's0-2': empty }, { disk, heldMs: 600_000 });
    expect(at(hanging)).toEqual(held('it was primary and has no data, and s0-1 may have it'));
    expect(at({ down: 'unreachable', agent: false })).toMatchObject([{ do: 'wait' }]);
    expect(at({ down: 'absent', agent: { disk: { hasData: true } } })).toMatchObject([{ do: 'wait' }]);
    expect(at(empty)).toMatchObject([{ do: 'permit', role: 'primary' }]);
  });
});

describe('a node that is appointed', () => {
  const next: PrimaryRecord = { ...record, epoch: 5, primary: 's0-1', before: 's0-0', inSync: [], history: '' };
  const view = (known: Rest & object, sketches: Sketches = {}) =>
    ownCopy(
      's0-1',
      copies(
        { 's0-0': { down: 'unreachable', agent: false }, 's0-1': { server: { role: 'replica' } }, ...sketches },
        next,
      ),
      known,
    );

  test('leads at once where the one before takes no writes, and otherwise after the fence time', () => {
    const leads = [{ do: 'lead', node: 's0-1', epoch: 5 }];
    const at = (knownMs: number, vacated = false) => plan(view({ known: { record: { ...next, vacated }, knownMs } }));
    expect(at(0, true)).toEqual(leads);
    expect(at(4500)).toEqual([{ do: 'wait', why: 's0-0 may take writes for 1 s more' }]);
    expect(at(5000)).toEqual(leads);
    const seen = { 's0-0': { down: 'absent', agent: { server: 'held', record: next } } } as const;
    expect(plan(view({ known: { record: { ...next, vacated: false }, knownMs: 0 } }, seen))).toEqual(leads);
  });

  test('is followed by all others once it leads, by the one before too', () => {
    const leading = copies(
      {
        's0-0': { server: { role: 'primary' }, copy: { floor: closed } },
        's0-2': { copy: { from: addressOf('s0-0') } },
      },
      next,
    );
    for (const name of ['s0-0', 's0-2']) {
      expect(plan(ownCopy(name, leading, { known: { record: next, provenMs: 0, open: false } }))).toEqual([
        { do: 'follow', node: name, primary: 's0-1', at: addressOf('s0-1'), wasPrimary: name === 's0-0' },
      ]);
    }
    const notYet = copies({ 's0-1': { server: { role: 'replica' } } }, next);
    expect(plan(ownCopy('s0-0', notYet, { known: { record: next, provenMs: 0, open: false } }))).toEqual([]);
  });

  test('wears the label first, and takes it from the others', () => {
    const at = (provenMs: number) =>
      planLabel(ownCopy('s0-1', copies({}, next), { known: { record: next, provenMs } }));
    expect(at(1)).toEqual([{ do: 'label', node: 's0-1', role: 'primary', others: ['s0-0', 's0-2'] }]);
    expect(at(0)).toEqual([]);
    const notYet = copies({ 's0-1': { server: { role: 'replica' } } }, next);
    expect(planLabel({ ...ownCopy('s0-1', notYet, { known: { record: next } }), labelledRole: undefined })).toEqual([]);
    const stale = copies({ 's0-0': { server: { role: 'primary' } } }, next);
    expect(planLabel(ownCopy('s0-0', stale, { known: { record: next } }))).toEqual([
      { do: 'label', node: 's0-0', role: 'replica' },
    ]);
  });
});

describe('a primary', () => {
  test('takes writes while that is proven, with as many replicas as the spec asks for', () => {
    const shut = { 's0-0': { copy: { floor: closed } } };
    expect(planOf('s0-0', shut)).toEqual([{ do: 'open', node: 's0-0', replicas: 0 }]);
    expect(plan(ownCopy('s0-0', copies(shut)), { minReplicasToWrite: 1 })).toEqual([
      { do: 'open', node: 's0-0', replicas: 1 },
    ]);
    expect(planOf('s0-0', shut, { known: { provenMs: 1000 } })).toEqual([]);
  });

  test('is stopped before its proof has run out, also where nobody knows whether it has been opened', () => {
    const stopped = [{ do: 'close', node: 's0-0' }];
    const guard = (sketches: Sketches, known: Partial<OwnView['primacy'] & object>) =>
      planGuard(ownCopy('s0-0', copies(sketches), { known }), config);
    expect(guard({}, { provenMs: 1000 })).toEqual(stopped);
    expect(guard({}, { provenMs: 1000, open: false })).toEqual(stopped);
    expect(guard({ 's0-0': { copy: { floor: closed } } }, { provenMs: 0, open: true })).toEqual(stopped);
    expect(guard({ 's0-0': { down: 'unreachable' } }, { provenMs: 0, open: true })).toEqual(stopped);
    expect(guard({ 's0-0': { copy: { floor: closed } } }, { provenMs: 0, open: false })).toEqual([]);
    expect(guard({}, { provenMs: 1001 })).toEqual([]);
  });

  test('notes who copies it, at once who does, and only after the node timeout who does no more', () => {
    const note = (inSync: readonly string[], base = record) => [
      { do: 'note-copies', node: 's0-0', inSync, history: 'stream', base },
    ];
    const known = { record: { ...record, inSync: ['s0-2'] } };
    expect(planOf('s0-0', {}, { known })).toEqual(note(['s0-1', 's0-2'], known.record));
    const out = (linkSilentSeconds: number): Sketches => ({ 's0-2': { server: { linkUp: false, linkSilentSeconds } } });
    expect(planOf('s0-0', out(2))).toEqual([]);
    expect(planOf('s0-0', out(5))).toEqual(note(['s0-1']));
    expect(planOf('s0-0', { 's0-2': { copy: { history: 'other' } } })).toEqual(note(['s0-1']));
    expect(planOf('s0-0', out(5), { known: { fresh: false } })).toEqual([]);
  });

  test('keeps its list where the spec has its node no more, and hands over when its pod ends', () => {
    const { nodes } = copies();
    const left = { nodes: nodes.filter(({ name }) => name !== 's0-0'), strangers: {} };
    const own = { ...ownCopy('s0-0', copies()), database: left };
    expect(plan(own)).toEqual([]);
    expect(plan({ ...own, stopping: true, told: true })).toMatchObject([{ do: 'hand-over', node: 's0-1' }]);
  });

  test('goes on counting on one whose agent is silent, and begins with none', () => {
    const silent = { 's0-2': { agent: false } } as const;
    expect(planOf('s0-0', silent)).toEqual([]);
    const known = { record: { ...record, inSync: ['s0-1'] } };
    expect(planOf('s0-0', silent, { known })).toEqual([]);
  });

  test('hands over to the node that the spec names, once that is linked and close', () => {
    const wish = { primaries: ['s0-2'] };
    const handOver = [{ do: 'hand-over', node: 's0-2', from: 's0-0', epoch: 5, base: record }];
    expect(plan(ownCopy('s0-0', copies()), wish)).toEqual(handOver);
    expect(plan(ownCopy('s0-0', copies({ 's0-0': { server: { offset: 2 ** 21 } } })), wish)).toEqual([]);
    expect(plan(ownCopy('s0-0', copies({ 's0-2': { ending: true } })), wish)).toEqual([]);
  });
});

describe('a pod that ends', () => {
  const ending = (name: string, sketches: Sketches = {}, rest: Rest = {}) =>
    planOf(
      name,
      { ...sketches, [name]: { ...sketches[name], ending: true } },
      {
        ...{ stopping: true, stoppingMs: 5000, told: true },
        ...rest,
      },
    );

  test('tells the others first', () => {
    expect(ending('s0-0', {}, { told: false })).toEqual([{ do: 'tell-ending', node: 's0-0' }]);
  });

  test('hands over first where it is the primary, to one that stays', () => {
    expect(ending('s0-0', { 's0-1': { ending: true } })).toEqual([
      { do: 'hand-over', node: 's0-2', from: 's0-0', epoch: 5, base: record },
    ]);
    expect(ending('s0-0', {}, { known: { fresh: false } })).toMatchObject([{ do: 'wait' }]);
  });

  test('waits for nobody where all end', () => {
    const all = { 's0-1': { ending: true }, 's0-2': { ending: true } };
    expect(ending('s0-0', all)).toMatchObject([{ do: 'release' }]);
  });

  test('hands over to the replica with the lowest priority, which is waited for until it has everything', () => {
    const mates = { 's0-1': { server: { offset: 90 }, copy: { priority: 10 } }, 's0-2': {} };
    expect(ending('s0-0', mates)).toMatchObject([{ do: 'hand-over', node: 's0-1' }]);
    const never = { 's0-1': { copy: { priority: 0 } }, 's0-2': { copy: { priority: 500 } } };
    expect(ending('s0-0', never)).toMatchObject([{ do: 'hand-over', node: 's0-2' }]);
  });

  test('goes with its data on its volume where every other node is never to be primary', () => {
    const never = { 's0-1': { copy: { priority: 0 } }, 's0-2': { copy: { priority: 0 } } };
    expect(ending('s0-0', never)).toEqual([
      { do: 'release', node: 's0-0', why: 'every other node has "replica-priority" 0, and may never take over' },
    ]);
    const view = ownCopy('s0-0', copies(never), { stopping: true, told: true });
    expect(plan(view, { persistence: 'off' })).toMatchObject([{ do: 'wait' }]);
    expect(ending('s0-0', { ...never, 's0-2': { down: 'absent' } })).toMatchObject([{ do: 'wait' }]);
  });

  test('goes as a replica when its data is with a primary that takes writes, and another has followed that', () => {
    expect(ending('s0-1')).toMatchObject([{ do: 'release' }]);
    expect(ending('s0-1', { 's0-0': { copy: { floor: closed } } })).toMatchObject([{ do: 'wait' }]);
    expect(ending('s0-1', { 's0-1': { server: { linkUp: false } } })).toMatchObject([{ do: 'wait' }]);
    expect(ending('s0-1', { 's0-2': { copy: { from: addressOf('s0-9') } } })).toMatchObject([{ do: 'wait' }]);
  });

  test('refuses writes until every machine has heard that clients are sent elsewhere', () => {
    const why = [{ do: 'wait', why: 'ending: clients are still sent to it' }];
    expect(ending('s0-1', {}, { stoppingMs: 4999 })).toEqual(why);
    expect(ending('s0-1', {}, { stoppingMs: 20_000, known: { knownMs: 4999 } })).toEqual(why);
    expect(ending('s0-1', {}, { stoppingMs: 0, fenced: 'asked for' })).toMatchObject([{ do: 'release' }]);
  });
});

describe('a database without a record', () => {
  const none = { record: { ...record, epoch: 0, primary: '', inSync: [], history: '' }, provenMs: 0, open: false };
  const disks = (...found: readonly (CopySketch['agent'] & object)['disk'][]): Sketches =>
    Object.fromEntries(found.map((disk, index) => [`s0-${index}`, { down: 'absent', agent: { disk: disk! } }]));
  const first = (name: string, sketches: Sketches, more: Partial<typeof config> = {}) => {
    const { nodes } = copies(sketches, none.record);
    return plan(ownCopy(name, { nodes, strangers: {} }, { known: none }), more);
  };
  const fresh = { hasData: false };

  test('begins with the first node, or the one that the spec names, when all can be seen', () => {
    const all = disks(fresh, fresh, fresh);
    expect(first('s0-0', all)).toEqual([
      { do: 'appoint', node: 's0-0', from: '', epoch: 1, vacated: true, base: none.record },
    ]);
    expect(first('s0-0', all, { replicaPriorities: { 's0-0': 0 } })).toEqual(held('s0-1 is to be the first primary'));
    expect(first('s0-1', all)).toEqual(held('s0-0 is to be the first primary'));
    expect(first('s0-1', all, { primaries: ['s0-1'] })).toMatchObject([{ do: 'appoint', node: 's0-1' }]);
    expect(first('s0-0', { ...all, 's0-2': { down: 'unreachable', agent: false } })).toMatchObject([{ do: 'wait' }]);
  });

  test('begins with the only one that has data, and asks where several have', () => {
    expect(first('s0-2', disks(fresh, fresh, { hasData: true }))).toMatchObject([{ do: 'appoint', node: 's0-2' }]);
    const two = disks({ hasData: true }, fresh, { hasData: true });
    expect(first('s0-0', two)).toEqual(
      held('s0-0 and s0-2 have data, and nothing says who was primary: name it in "primary" of the spec'),
    );
    expect(first('s0-2', two, { primaries: ['s0-2'] })).toMatchObject([{ do: 'appoint', node: 's0-2' }]);
  });

  test('goes on from what the volumes remember, above every epoch they know', () => {
    const last = (epoch: number, primary: string) => ({ hasData: true, lastPrimary: { epoch, primary } });
    const remembered = disks(last(3, 's0-0'), last(7, 's0-1'), last(7, 's0-1'));
    expect(first('s0-0', remembered)).toEqual(held('s0-1 is to be the first primary'));
    expect(first('s0-1', remembered)).toEqual([
      { do: 'appoint', node: 's0-1', from: '', epoch: 8, vacated: true, base: none.record },
    ]);
  });
});
