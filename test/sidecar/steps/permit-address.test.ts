/** Safety rule: a node that comes back without its volume is not copied by the replica that has the last of its data. */
import { describe as say } from '../../../sidecar/action';
import { permit } from '../../../sidecar/steps/permit';
import { clusterConfig } from '../support/config';
import { database, ownView, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);

/** `s0-0` has come back with an empty volume, and its replica still follows `lost`, which was at this address. */
const here = { ip: 'ip of s0-0', client: 6379 };
const lost = { role: 'primary', slots: [[0, 5460]], ...here } as const;
const decide = (others: Readonly<Record<string, Sketch>>, agent: Sketch['agent'] = empty): string => {
  const seen = database({ ...sound, 's0-0': { down: 'absent', agent }, ...others });
  return permit(ownView(seen, 's0-0'), config).map(say).join('; ');
};
const empty = { id: undefined, disk: { hasData: false } } as const;
const promoted: Sketch = { slots: [[0, 5460]], epoch: 9, believes: { lost } };
const follower: Sketch = { believes: { 's0-1': { role: 'replica', primaryId: 'lost' }, lost } };

test('waits while a replica follows a node that is nobody any more, at the address that is its own now', () => {
  expect(decide({ 's0-1': follower })).toBe(
    'wait: held: s0-1 follows somebody who was at this address, and would copy this node instead',
  );
});

test('waits for the replica of another shard too: addresses are handed on', () => {
  const other: Sketch = { believes: { 's1-1': { role: 'replica', primaryId: 'lost' }, lost } };
  expect(decide({ 's0-1': promoted, 's1-1': other })).toMatch(/^wait: held: s1-1 follows/);
});

test('starts once that replica has been promoted', () => {
  expect(decide({ 's0-1': promoted })).toBe('let s0-0 start: it owns no slots');
});

test('starts where the one that is followed was at another address', () => {
  const elsewhere: Sketch = { believes: { ...follower.believes, lost: { ...lost, ip: 'another ip' } } };
  expect(decide({ 's0-1': elsewhere })).toBe('let s0-0 start: it owns no slots');
});

describe('where the one that is followed will return elsewhere, with its data', () => {
  const others = {
    's0-1': follower,
    's2-0': { down: 'absent', agent: { id: 'lost', disk: { hasData: true } } },
  } as const;

  test('one with data starts', () => {
    const full = { id: 's0-0', disk: { hasData: true } };
    expect(decide(others, full)).toBe('let s0-0 start: it owns no slots');
  });

  test('one without data waits until the replica has been told: it has nothing worth copying', () => {
    expect(decide(others)).toMatch(/^wait: held: s0-1 follows/);
  });
});
