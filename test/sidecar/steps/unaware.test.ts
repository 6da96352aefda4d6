/** A database is not whole while a server cannot say where every slot is. */
import { judge } from '../../../sidecar/health';
import { settle } from '../../../sidecar/steps/settle';
import { clusterConfig } from '../support/config';
import { database, sound } from '../support/views';

const config = clusterConfig(3, 1);
const late = { ...sound, 's1-1': { ...sound['s1-1'], cluster: { slotsAssigned: 10_000 } } };

test('the status and the plan name it', () => {
  expect(judge(config, database(late))).toMatchObject({
    health: 'Degraded',
    reasons: ['s1-1 has not heard yet who owns every slot'],
  });
  expect(settle(database(late), config)).toEqual([{ do: 'wait', why: 's1-1 has not heard yet who owns every slot' }]);
  expect(judge(config, database(sound)).health).toBe('Healthy');
});

test('where nobody owns a slot, that is what is wrong', () => {
  const { reasons } = judge(config, database({ ...late, 's0-0': { slots: [[1, 5460]], epoch: 1 } }));
  expect(reasons).toEqual(['1 of 16384 slots are not served']);
});
