/** Replicas sign in as one of their primary's shard; a server turns all others away. */
import { signIn } from '../../../sidecar/steps/sign-in';
import { clusterConfig } from '../support/config';
import { database, sound, type Sketch } from '../support/views';

const config = clusterConfig(3, 1);
const plan = (others: Readonly<Record<string, Sketch>>) => signIn(database({ ...sound, ...others }), config);

const s0 = 'replication@test/db/s0';
const s1 = 'replication@test/db/s1';

test('nobody is told anything where every replica follows a node of its own shard', () => {
  expect(plan({})).toEqual([]);
});

test('a replica that has to follow a node of another shard signs in as one of that', () => {
  const guest: Sketch = { follows: 's1-0' };
  expect(plan({ 's0-1': guest })).toEqual([{ do: 'set-replication-user', node: 's0-1', primary: 's1-0', user: s1 }]);
  expect(plan({ 's0-1': { ...guest, cluster: { replicationUser: s1 } } })).toEqual([]);
});

test('one that is back in its own shard signs in as one of that again', () => {
  const back: Sketch = { follows: 's0-0', cluster: { replicationUser: s1 } };
  expect(plan({ 's0-1': back })).toEqual([{ do: 'set-replication-user', node: 's0-1', primary: 's0-0', user: s0 }]);
});

test('a replica of somebody who is not here is left alone', () => {
  expect(plan({ 's0-1': { follows: 'ghost', cluster: { replicationUser: s1 } } })).toEqual([]);
});
