/** Sentinels decide who takes over, and the record of the agents follows. */
import { planDatabase, planNode } from '../../../../sidecar/plan';
import { closed } from '../../../../sidecar/steps/replication/floor';
import { addressOf, ownCopy, record } from '../../support/replicated-views';
import { config, watched, type WatchSketch } from '../../support/watched-views';

const plan = (view: Parameters<typeof planNode>[0]) => planNode(view, config);
const wait = (why: string) => [{ do: 'wait', why }];

/** Every Sentinel holds that node for the primary. */
const allChose = (node: string, more: Exclude<WatchSketch, false> = {}) => {
  const chose = { at: addressOf(node), epoch: 4, ...more };
  return { 'w-0': chose, 'w-1': chose, 'w-2': chose };
};

/** A replica that a Sentinel has made primary, which takes no writes yet. */
const promoted = { server: { role: 'primary' }, copy: { floor: closed, history: 'another' } } as const;
const deadPrimary = { 's0-0': { down: 'absent' }, 's0-1': promoted } as const;

describe('a replica that a Sentinel has made primary', () => {
  const appoint = [{ do: 'appoint', node: 's0-1', from: 's0-0', epoch: 5, vacated: false, base: record }];

  test('is appointed once most Sentinels answer and the newest names it', () => {
    const one = { 'w-0': { at: addressOf('s0-1'), epoch: 4 }, 'w-2': false } as const;
    expect(plan(ownCopy('s0-1', watched(one, deadPrimary)))).toEqual(appoint);
    expect(plan(ownCopy('s0-1', watched({ ...one, 'w-1': false }, deadPrimary)))).toEqual(
      wait('it is a primary, and most Sentinels do not say whose choice that is'),
    );
  });

  test('is appointed once the Sentinel that leads says so, which tells the others later', () => {
    const leads = { changing: true, chosen: addressOf('s0-1') };
    expect(plan(ownCopy('s0-1', watched({ 'w-0': leads }, deadPrimary)))).toEqual(appoint);
    const torn = { 'w-0': leads, 'w-1': { changing: true, chosen: addressOf('s0-2') } };
    for (const seen of [torn, { 'w-0': { changing: true, chosen: addressOf('s0-2') } }]) {
      expect(plan(ownCopy('s0-1', watched(seen, deadPrimary)))).toEqual(
        wait('a Sentinel is making it primary, and has not told the others yet'),
      );
    }
    expect(plan(ownCopy('s0-1', watched({ 'w-0': leads, 'w-1': false, 'w-2': false }, deadPrimary)))).toEqual(
      wait('it is a primary, and most Sentinels do not say whose choice that is'),
    );
  });

  test('waits while the Sentinel that leads has not told the others', () => {
    expect(plan(ownCopy('s0-1', watched({ 'w-0': { changing: true } }, deadPrimary)))).toEqual(
      wait('a Sentinel is making it primary, and has not told the others yet'),
    );
  });

  test('is not appointed where it may lack what the primary has confirmed', () => {
    const known = { record: { ...record, inSync: ['s0-2'] } };
    expect(plan(ownCopy('s0-1', watched(allChose('s0-1'), deadPrimary), { known }))).toEqual(
      wait('the Sentinels have chosen it, and s0-0 may have confirmed what it does not have'),
    );
    const lost = { ...deadPrimary, 's0-0': { down: 'absent', agent: { disk: { hasData: false } } } } as const;
    expect(plan(ownCopy('s0-1', watched(allChose('s0-1'), lost), { known }))).toMatchObject([{ do: 'appoint' }]);
  });

  test('is not appointed by a record that cannot be read', () => {
    expect(plan(ownCopy('s0-1', watched(allChose('s0-1'), deadPrimary), { known: { fresh: false } }))).toEqual(
      wait('the Sentinels have chosen it, and the record of who is primary cannot be read'),
    );
  });

  test('follows again where it is not the choice of the newest', () => {
    const stale = { 'w-0': { at: addressOf('s0-1'), epoch: 2 } };
    expect(plan(ownCopy('s0-1', watched(stale, { 's0-1': promoted })))).toEqual([
      { do: 'follow', node: 's0-1', primary: 's0-0', at: addressOf('s0-0'), wasPrimary: true },
    ]);
  });

  test('takes no writes until the one before can take none', () => {
    const own = { ...record, epoch: 5, primary: 's0-1', before: 's0-0', vacated: false };
    const seen = watched(allChose('s0-1'), { ...deadPrimary, 's0-0': { down: 'unreachable' } });
    const known = { record: own, provenMs: 4000, open: false };
    expect(plan(ownCopy('s0-1', seen, { known: { ...known, knownMs: 2000 } }))).toEqual(
      wait('s0-0 may take writes for 3 s more'),
    );
    expect(plan(ownCopy('s0-1', seen, { known: { ...known, knownMs: 5000 } }))).toEqual([
      { do: 'open', node: 's0-1', replicas: 0 },
    ]);
  });
});

describe('a primary', () => {
  test('that does not run has a Sentinel replace it at once', () => {
    const seen = watched({ 'w-0': false }, { 's0-0': { down: 'absent' } });
    expect(plan(ownCopy('s0-0', seen, { heldMs: 5 }))).toEqual([{ do: 'ask-failover', node: 'w-1', from: 's0-0' }]);
  });

  test('that does not run asks nobody twice, and does not start while it is being replaced', () => {
    const dead = { 's0-0': { down: 'absent' } } as const;
    const changing = watched({ 'w-1': { changing: true } }, dead);
    expect(plan(ownCopy('s0-0', changing, { heldMs: 5 }))).toEqual(wait('held: a Sentinel is replacing it'));
    expect(plan(ownCopy('s0-0', changing, { heldMs: 60_000 }))).toEqual(wait('held: a Sentinel is replacing it'));
    expect(plan(ownCopy('s0-0', watched(allChose('s0-1'), deadPrimary), { heldMs: 60_000 }))).toEqual(
      wait('held: the Sentinels have chosen s0-1'),
    );
  });

  test('that nobody has replaced for long starts with its data', () => {
    expect(plan(ownCopy('s0-0', watched({}, { 's0-0': { down: 'absent' } }), { heldMs: 60_000 }))).toMatchObject([
      { do: 'permit', role: 'primary' },
    ]);
  });

  test('that runs strikes nobody off the list whom a Sentinel has made primary', () => {
    expect(plan(ownCopy('s0-0', watched({}, { 's0-1': promoted })))).toEqual(wait('a Sentinel has made s0-1 primary'));
  });

  test('is replaced by no agent, however long it is silent', () => {
    const lost = watched({}, { 's0-0': { down: 'unreachable' }, 's0-1': { server: { linkUp: false } } });
    expect(plan(ownCopy('s0-1', lost))).toEqual([]);
  });
});

test('the coordinator says what the Sentinels lack', () => {
  expect(planDatabase(watched(), config)).toEqual([]);
  expect(planDatabase(watched({ 'w-1': false, 'w-2': { sentinels: [] } }), config)).toEqual(
    wait('w-1 does not answer: for the test; w-2 does not know w-0, w-1 yet'),
  );
});
