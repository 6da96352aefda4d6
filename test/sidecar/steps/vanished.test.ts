/** A primary whose machine has lost its power: its replica takes over once a majority has had no answer for the node timeout. */
import { replaceVanished } from '../../../sidecar/steps/vanished';
import type { OwnView, TableEntry } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const { nodeTimeoutMs } = config;
const vanished: Sketch = { ...sound['s0-0'], down: 'unreachable', agent: false };
const silent: Sketch = { follows: 's0-0', server: { linkSilentSeconds: nodeTimeoutMs / 1000 + 1 } };
const unheard = (pong: number, ping = pong - 500): Sketch['believes'] => ({
  's0-0': { lastPongMs: pong, unansweredMs: ping } satisfies Partial<TableEntry>,
});
const voter = (name: 's1-0' | 's2-0', believes = unheard(nodeTimeoutMs)): Sketch => ({ ...sound[name], believes });

const view = (others: Readonly<Record<string, Sketch>> = {}, own: Partial<OwnView> = {}, tookMs = 0): OwnView => {
  const voters = { 's1-0': voter('s1-0'), 's2-0': voter('s2-0') };
  const whole = { ...database({ ...sound, 's0-0': vanished, 's0-1': silent, ...voters, ...others }), tookMs };
  return { ...ownView(whole, 's0-1', own), database: whole };
};

const forced = [{ do: 'failover', node: 's0-1', id: 's0-1', from: 's0-0', force: true }];
const waits = [{ do: 'wait' }];

test('its replica takes over', () => {
  expect(replaceVanished(view(), config)).toEqual(forced);
});

test('the time that the look took for who is gone counts, and no more of it: nobody has heard of it meanwhile', () => {
  const almost = unheard(nodeTimeoutMs - 200);
  const others = { 's1-0': voter('s1-0', almost) };
  expect(replaceVanished(view(others), config)).toMatchObject(waits);
  expect(replaceVanished(view(others, {}, 1000), config)).toEqual(forced);
  const early = { 's1-0': voter('s1-0', unheard(nodeTimeoutMs - 500)) };
  expect(replaceVanished(view(early, {}, 1000), config)).toMatchObject(waits);
});

test.each<[string, Record<string, Sketch>]>([
  ['a primary has had an answer', { 's1-0': voter('s1-0', unheard(1500)) }],
  ['a primary has asked it nothing since', { 's1-0': voter('s1-0', unheard(nodeTimeoutMs, 0)) }],
  ['a ping may be on its way still', { 's1-0': voter('s1-0', unheard(nodeTimeoutMs, 100)) }],
  ['a primary does not answer itself', { 's1-0': { ...voter('s1-0'), down: 'unreachable' } }],
  ['a primary does not say', { 's1-0': sound['s1-0']! }],
  ['its own link has not been silent for as long', { 's0-1': { follows: 's0-0', server: { linkSilentSeconds: 4 } } }],
  [
    'a primary does not know the replica',
    { 's1-0': { ...voter('s1-0'), believes: { ...unheard(nodeTimeoutMs), 's0-1': { primaryId: 'nobody' } } } },
  ],
  [
    'another replica has more',
    {
      's0-1': { ...silent, server: { ...silent.server, offset: 90 } },
      's0-2': { ...silent, server: { ...silent.server } },
    },
  ],
])('it waits while %s', (_why, others) => {
  expect(replaceVanished(view(others), config)).toMatchObject(waits);
});

test('a replica that lost its link before the primary vanished takes nothing over: it has older data', () => {
  const late = { linkUp: false, linkSilentSeconds: 12 };
  expect(replaceVanished(view({ 's0-1': { follows: 's0-0', server: late } }), config)).toMatchObject(waits);
});

test.each<[string, Record<string, Sketch>]>([
  ['the primary answers', { 's0-0': sound['s0-0']! }],
  ['the primary had no slots', { 's0-0': { ...vanished, slots: [] } }],
  ['the own link is not silent', { 's0-1': { follows: 's0-0' } }],
  ['the own pod is ending', { 's0-1': { ...silent, ending: true } }],
  ['nobody has taken over for long', { 's0-1': { ...silent, server: { linkSilentSeconds: 60 } } }],
])('it does nothing where %s', (_why, others) => {
  expect(replaceVanished(view(others), config)).toEqual([]);
});

test('a primary takes nothing over', () => {
  const whole = view().database!;
  expect(replaceVanished({ ...ownView(whole, 's1-0'), database: whole }, config)).toEqual([]);
});
