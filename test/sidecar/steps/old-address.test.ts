/** A node that looks for another at an old address sends clients there, where nobody answers. */
import { judge } from '../../../sidecar/health';
import { settle } from '../../../sidecar/steps/settle';
import { clusterConfig } from '../support/config';
import { database, sound } from '../support/views';

const config = clusterConfig(3, 1);
const misled = database({ ...sound, 's1-1': { ...sound['s1-1'], believes: { 's0-0': { ip: '10.0.0.99' } } } });

test('a database is complete and healthy where everybody looks where the others are', () => {
  expect(settle(database(sound), config)).toEqual([]);
  expect(judge(config, database(sound)).health).toBe('Healthy');
});

test('it is neither where one looks elsewhere, however connected that seems', () => {
  expect(settle(misled, config)).toEqual([{ do: 'wait', why: 's1-1 looks for s0-0 at an old address' }]);
  const { health, reasons } = judge(config, misled);
  expect([health, reasons]).toEqual(['Degraded', ['s1-1 sends clients of s0-0 to an old address']]);
});
