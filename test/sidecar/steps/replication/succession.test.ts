/** Who takes over from a primary and its replicas, and when. */
import { planNode } from '../../../../sidecar/plan';
import type { OwnView } from '../../../../sidecar/view';
import { config, copies, ownCopy, record, type CopySketch } from '../../support/replicated-views';

type Sketches = Readonly<Record<string, CopySketch>>;
type Rest = Parameters<typeof ownCopy>[2];

const plan = (view: OwnView) => planNode(view, config);
const planOf = (name: string, sketches: Sketches, rest?: Rest) => plan(ownCopy(name, copies(sketches), rest));
const held = (why: string) => [{ do: 'wait', why: `held: ${why}` }];

describe('a primary whose server has died', () => {
  const dead = (heldMs: number, sketches: Sketches = {}, rest: Rest = {}) =>
    planOf('s0-0', { 's0-0': { down: 'absent' }, ...sketches }, { heldMs, ...rest });
  const appoint = (node: string, base = record) => [
    { do: 'appoint', node, from: 's0-0', epoch: 5, vacated: true, base },
  ];

  test('appoints the replica with the most data, and of equals the one with the lowest priority', () => {
    expect(dead(5, { 's0-2': { server: { offset: 101 } } })).toEqual(appoint('s0-2'));
    expect(dead(5, { 's0-2': { copy: { priority: 50 } } })).toEqual(appoint('s0-2'));
    expect(dead(5, { 's0-1': { server: { offset: 90 } }, 's0-2': { copy: { priority: 500 } } })).toEqual(
      appoint('s0-2'),
    );
  });

  test('appoints nobody while the record cannot be read', () => {
    expect(dead(5, {}, { known: { fresh: false } })).toEqual(held('s0-1 and s0-2 may take over'));
  });

  test('waits for one that may have more and cannot be seen, but not for long', () => {
    for (const sketch of [{ agent: false }, { down: 'unreachable', agent: false }] as const) {
      const unseen = { 's0-2': { server: { offset: 999 }, ...sketch } };
      expect(dead(1999, unseen)).toEqual(held('s0-2 may have more data than s0-1'));
      expect(dead(2000, unseen)).toEqual(appoint('s0-1'));
    }
  });

  test.each<[string, CopySketch]>([
    ['has priority 0', { copy: { priority: 0 } }],
    ['has another stream', { copy: { history: 'other' } }],
    ['lost its link long before', { server: { linkUp: false, linkSilentSeconds: 60 } }],
    ['is ending', { ending: true }],
    ['has no agent', { agent: false }],
    ['is loading', { server: { loading: true } }],
  ])('passes over one that %s', (_what, sketch) => {
    expect(dead(3000, { 's0-2': { ...sketch, server: { offset: 999, ...sketch.server } } })).toEqual(appoint('s0-1'));
  });

  test('passes over one that is not noted as a copy, unless its own data is gone and all can be seen', () => {
    const known = { record: { ...record, inSync: [] } };
    expect(dead(5, {}, { known })).toMatchObject([{ do: 'permit', role: 'primary' }]);
    const disk = { hasData: false };
    expect(dead(5, {}, { known, disk })).toEqual(appoint('s0-1', known.record));
    expect(dead(5, { 's0-2': { agent: false } }, { known, disk })).toMatchObject([{ do: 'wait' }]);
  });
});

describe('a replica whose primary is silent', () => {
  const lost: CopySketch = { down: 'unreachable', agent: false };
  const cut: CopySketch = { server: { linkUp: false, linkSilentSeconds: 6 } };
  const sketches = { 's0-0': lost, 's0-1': { ...cut, server: { ...cut.server, offset: 120 } }, 's0-2': cut };
  const appoint = [{ do: 'appoint', node: 's0-1', from: 's0-0', epoch: 5, vacated: false, base: record }];

  test('appoints itself where it has the most, and leaves it to the other where that has', () => {
    expect(planOf('s0-1', sketches)).toEqual(appoint);
    expect(planOf('s0-2', sketches)).toEqual([{ do: 'wait', why: 's0-0 does not answer, and s0-1 has more data' }]);
  });

  test.each<[string, Sketches]>([
    ['it has not been silent for long', { 's0-0': { ...lost, silentMs: 4000 } }],
    ['too few looks have failed', { 's0-0': { ...lost, looks: 2 } }],
    ['its own agent hears it', { 's0-0': { ...lost, agent: { server: 'up' } } }],
    ['another hears it', { 's0-2': { ...cut, agent: { primarySilentMs: 0 } } }],
    ['its own server hears it', { 's0-1': { server: { linkUp: true, linkSilentSeconds: 1, offset: 120 } } }],
    ['one that may have more cannot be seen', { 's0-2': { down: 'unreachable', agent: false } }],
    ['the agent of one that may have more does not answer', { 's0-2': { ...cut, agent: false } }],
  ])('does not where %s', (_what, otherwise) => {
    expect(planOf('s0-1', { ...sketches, ...otherwise }).filter((action) => action.do !== 'wait')).toEqual([]);
  });

  test('appoints itself also where it began to look after all links were lost, unless one may have been lost later', () => {
    const late = (linkSilentSeconds: number): CopySketch => ({ server: { linkUp: false, linkSilentSeconds } });
    const at = (mate: CopySketch) =>
      planOf('s0-1', { 's0-0': lost, 's0-1': { server: { ...late(60).server, offset: 120 } }, 's0-2': mate });
    expect(at(late(61))).toEqual(appoint);
    expect(at(late(1_000_000_000))).toEqual([]);
    expect(at({ down: 'unreachable', agent: false })).toEqual([]);
    expect(at(late(50))).toEqual([]);
  });

  test('of a node that the spec has no more waits for its own link to be down', () => {
    const at = (server: CopySketch['server'], mate: CopySketch['server'] = { linkUp: false, linkSilentSeconds: 1 }) => {
      const deaf = { agent: { primarySilentMs: undefined } };
      const seen = copies({
        's0-1': { ...deaf, server: { offset: 120, linkSilentSeconds: 9, ...server } },
        's0-2': { ...deaf, server: mate },
      });
      const left = { nodes: seen.nodes.filter(({ name }) => name !== 's0-0'), strangers: {} };
      return plan({ ...ownCopy('s0-1', seen), database: left });
    };
    expect(at({ linkUp: true })).toEqual([]);
    expect(at({ linkUp: false, linkSilentSeconds: 1 })).toEqual(appoint);
    expect(at({ linkUp: false, linkSilentSeconds: 1 }, {})).toMatchObject([{ do: 'wait' }]);
  });

  test('waits no longer than twice the node timeout for one that cannot be seen', () => {
    const unseen = { ...sketches, 's0-0': { ...lost, silentMs: 10_000 }, 's0-2': lost };
    expect(planOf('s0-1', { ...unseen, 's0-1': { server: { linkUp: false, linkSilentSeconds: 10 } } })).toEqual(
      appoint,
    );
  });
});
