/** A replica that copies from where its primary was. */
import { replicate } from '../../../sidecar/steps/replicate';
import type { ClusterView, ServerUp } from '../../../sidecar/view';
import { clusterConfig } from '../support/config';
import { database, type Sketch } from '../support/views';

const was = { ip: 'ip that it had', client: 6379 };
const is = { ip: 'ip of s0-0', client: 6379 };

function planFor(copiesFrom: ClusterView['copiesFrom'], server: Partial<ServerUp>, rest: Sketch = {}) {
  const replica: Sketch = { follows: 's0-0', server, cluster: copiesFrom ? { copiesFrom } : {}, ...rest };
  return replicate(database({ 's0-0': { slots: [[0, 16383]] }, 's0-1': replica }), clusterConfig(1, 1));
}

test('a replica that copies from where its primary was is told anew, once it knows where that is', () => {
  const anew = [{ do: 'replicate', node: 's0-1', primary: 's0-0', primaryId: 's0-0' }];
  expect(planFor(was, { linkUp: false })).toEqual(anew);
  expect(planFor({ ...is, client: 7000 }, { linkUp: false })).toEqual(anew);
  expect(planFor(was, { linkUp: false }, { believes: { 's0-0': { ip: was.ip } } })).toEqual([]);
});

test('one that copies from where its primary is, or that does copy, is left alone', () => {
  expect(planFor(is, { linkUp: false })).toEqual([]);
  expect(planFor(was, { linkUp: true })).toEqual([]);
  expect(planFor(undefined, { linkUp: false })).toEqual([]);
});
