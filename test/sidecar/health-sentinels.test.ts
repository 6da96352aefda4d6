/** What is said of Sentinels in the status. */
import { judge } from '../../sidecar/health';
import { renderStatus } from '../../sidecar/status/table';
import { config, watched } from './support/watched-views';

test('all is well where each watches and knows all', () => {
  const status = judge(config, watched());
  expect(status.health).toBe('Healthy');
  expect(status.sentinels).toMatchObject({ count: 3, watching: 3, needed: 2 });
  expect(renderStatus(status)).toMatch(/\n\nSentinels: 3 of 3 watch, 2 are needed\n$/);
});

test('one that is away is missed', () => {
  const { health, reasons } = judge(config, watched({ 'w-1': false }));
  expect([health, reasons]).toEqual(['Degraded', ['w-1 does not answer: for the test']]);
});

test('without a majority nobody is replaced', () => {
  const { reasons } = judge(config, watched({ 'w-1': false, 'w-2': false }));
  expect(reasons[0]).toBe('1 of 3 Sentinels watch: a primary that fails is not replaced');
});

test('one that holds another for the primary is named', () => {
  const status = judge(config, watched({ 'w-0': { at: { ip: 'elsewhere', client: 1 } } }));
  expect(status.reasons).toEqual(['w-0 does not hold s0-0 for the primary yet']);
});
