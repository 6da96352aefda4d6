import { calmMsOf } from '../../sidecar/repeat';
import { config } from './support/replicated-views';

test('the cycle that notices a lost node looks several times within the node timeout, and no other does', () => {
  const paces = (topology: typeof config.topology, nodeTimeoutMs = 5000) =>
    (['node', 'label', 'database'] as const).map((name) => calmMsOf(name, { ...config, topology, nodeTimeoutMs }));
  expect(paces('replication')).toEqual([1000, 2000, 10_000]);
  expect(paces('replication', 60_000)).toEqual([2000, 2000, 10_000]);
  expect(paces('multi-master')).toEqual([2000, 2000, 1000]);
  expect(paces('cluster')).toEqual([2000, 2000, 10_000]);
});
