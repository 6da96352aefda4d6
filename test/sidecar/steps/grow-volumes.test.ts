/** Volumes that the spec wants larger than they were made. */
import { judge } from '../../../sidecar/health';
import { describe as sentenceOf } from '../../../sidecar/action';
import { planDatabase } from '../../../sidecar/plan';
import type { ClaimView } from '../../../sidecar/view-claims';
import { clusterConfig } from '../support/config';
import { database, sound } from '../support/views';

const gib = 2 ** 30;
const config = { ...clusterConfig(3, 1), volumeBytes: 2 * gib };

const claim = (node: string, requested: number, capacity = requested, says?: string): ClaimView => ({
  node,
  requested: requested * gib,
  capacity: capacity * gib,
  ...(says === undefined ? {} : { says }),
});

const look = (...claims: ClaimView[]) => ({ ...database(sound), claims });

test('each one that asks for less is made to ask for more, and no other', () => {
  const actions = planDatabase(look(claim('s0-0', 1), claim('s0-1', 2), claim('s1-0', 3)), config);
  expect(actions).toEqual([{ do: 'grow-volume', node: 's0-0', bytes: 2 * gib, before: gib }]);
  expect(sentenceOf(actions[0]!)).toBe('grow the volume of s0-0 from 1Gi to 2Gi');
});

test('it waits for nothing, for the cause of what is missing may be a volume that is full', () => {
  const down = { ...sound, 's0-1': { ...sound['s0-1'], server: { linkUp: false } } };
  const actions = planDatabase({ ...database(down), claims: [claim('s0-0', 1)] }, config);
  expect(actions.map((action) => action.do)).toEqual(['grow-volume', 'wait']);
});

test('nothing grows in a pause, nor where the spec asks for no more than was made', () => {
  expect(planDatabase({ ...look(claim('s0-0', 1)), paused: 'by hand' }, config)).toEqual([]);
  expect(planDatabase(look(claim('s0-0', 1)), clusterConfig(3, 1))).toEqual([]);
});

test('the status says which volume is smaller than it should be, and what it waits for', () => {
  const { health, reasons } = judge(
    config,
    look(
      claim('s0-0', 1),
      claim('s0-1', 2, 1),
      claim('s1-0', 2, 1, 'FileSystemResizePending: waiting for the node'),
      claim('s1-1', 2),
    ),
  );
  expect(health).toBe('Warning');
  expect(reasons).toEqual([
    'the volume of s0-0 has 1Gi of 2Gi: its claim asks for no more yet, which takes a StorageClass with allowVolumeExpansion',
    'the volume of s0-1 has 1Gi of 2Gi: its storage says nothing of it yet',
    'the volume of s1-0 has 1Gi of 2Gi: FileSystemResizePending: waiting for the node',
  ]);
});
