import { systemClock } from '../../sidecar/clock';

test('time goes on, and sleep lasts as long as it is told', async () => {
  const before = systemClock.now();
  await systemClock.sleep(30);
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(29);
});

test('sleep ends at once, without an error, when it is called off', async () => {
  const calledOff = new AbortController();
  const before = systemClock.now();
  const asleep = systemClock.sleep(60_000, calledOff.signal);
  calledOff.abort();
  await asleep;
  await systemClock.sleep(60_000, calledOff.signal);
  expect(systemClock.now() - before).toBeLessThan(5000);
});
