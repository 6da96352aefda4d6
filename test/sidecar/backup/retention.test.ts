import { findExpired } from '../../../sidecar/backup/retention';
import { fc } from '../../chance';
import { backupOf } from './backups';

const now = new Date('2026-11-21T12:00:00Z');
const days = (...numbers: number[]) => numbers.map((day) => backupOf(day));
const nightly = (day: number) => backupOf(day, { name: `nightly-${day}`, cause: 'schedule', schedule: 'nightly' });

test.each([
  ['the newest are kept by number', { count: 2 }, ['day-1', 'day-10']],
  ['the young are kept by age', { days: 5 }, ['day-1', 'day-10']],
  ['one that is neither new nor young goes', { count: 1, days: 12 }, ['day-1']],
  ['one that is new enough stays however old it is', { count: 3, days: 1 }, ['day-1']],
  ['the newest stays when all are too old', { days: 1 }, ['day-1', 'day-10', 'day-17']],
])('%s', (_, retention, expired) => {
  expect(findExpired(days(1, 10, 17, 20), { retention, schedules: [] }, now)).toEqual(expired);
});

test('without a retention everything is kept', () => {
  expect(findExpired(days(1, 2, 3), { schedules: [{ name: 'nightly' }] }, now)).toEqual([]);
});

test('a schedule with a retention of its own counts its own backups, and the others are counted without them', () => {
  const backups = [nightly(1), backupOf(2), nightly(3), backupOf(4), nightly(5), backupOf(6)];
  const schedules = [{ name: 'nightly', retention: { count: 2 } }];
  expect(findExpired(backups, { schedules }, now)).toEqual(['nightly-1']);
  expect(findExpired(backups, { retention: { count: 1 }, schedules }, now)).toEqual(['nightly-1', 'day-2', 'day-4']);
});

test('one that was made for its name stays, and takes no place', () => {
  const named = backupOf(3, { name: 'before-migration', cause: 'once' });
  expect(findExpired([...days(1, 2), named, ...days(4)], { retention: { count: 2 }, schedules: [] }, now)).toEqual([
    'day-1',
  ]);
});

test('the newest whole one outlives newer ones that are damaged', () => {
  const damaged = [18, 19].map((day) => backupOf(day, {}, 's0.rdb is missing'));
  expect(findExpired([...days(1, 2), ...damaged], { retention: { count: 1 }, schedules: [] }, now)).toEqual([
    'day-1',
    'day-18',
    'day-19',
  ]);
});

test('whatever is said, a whole backup is left where there was one', () =>
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.boolean(), fc.boolean()), { minLength: 1 }),
      fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      (made, count, age) => {
        const backups = [...made]
          .sort(([a], [b]) => a - b)
          .map(([day, whole, own], index) =>
            backupOf(
              day,
              { name: `b${index}`, ...(own ? { cause: 'schedule', schedule: 'nightly' } : {}) },
              whole ? undefined : 'cut short',
            ),
          );
        const retention = { count, days: age };
        const schedules = [{ name: 'nightly', retention: { count: 1 } }];
        const expired = new Set(findExpired(backups, { retention, schedules }, now));
        const whole = backups.filter(({ damage }) => damage === undefined);
        if (whole.length > 0) expect(whole.some(({ name }) => !expired.has(name))).toBe(true);
      },
    ),
  ));
