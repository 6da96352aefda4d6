import { can, compareVersions, engines, type Engine } from '../../lib/contract/engines';
import { directiveSince } from '../../lib/spec/known-directives';

const all: Engine[] = (['valkey', 'redis', 'keydb'] as const).flatMap((name) =>
  engines[name].versions.map((version) => ({ name, version })),
);

test('versions are in order, the oldest first, as numbers and not as text', () => {
  expect(compareVersions('10.0', '9.1')).toBeGreaterThan(0);
  for (const { versions } of Object.values(engines)) expect([...versions].sort(compareVersions)).toEqual(versions);
});

test('every capability begins with a version of the table', () => {
  for (const { since, versions } of Object.values(engines)) {
    for (const version of Object.values(since)) expect(versions).toContain(version);
  }
});

test('a capability stays in every later version', () => {
  expect(all.filter((engine) => can(engine, 'atomicSlotMigration'))).toEqual([
    { name: 'valkey', version: '9.0' },
    { name: 'valkey', version: '9.1' },
  ]);
  expect(can({ name: 'redis', version: '6.2' }, 'addSlotsRange')).toBe(false);
  expect(can({ name: 'redis', version: '7.4' }, 'addSlotsRange')).toBe(true);
  expect(can({ name: 'keydb', version: '6.3' }, 'activeReplica')).toBe(true);
});

test.each([
  ['announceHostname', 'cluster-announce-hostname'],
  ['multiPartAof', 'appenddirname'],
  ['clusterPort', 'cluster-port'],
  ['shutdownTimeout', 'shutdown-timeout'],
  ['manualFailoverTimeout', 'cluster-manual-failover-timeout'],
  ['slotStats', 'cluster-slot-stats-enabled'],
] as const)('%s came with its directive %s', (capability, directive) => {
  for (const name of ['valkey', 'redis'] as const) {
    expect(directiveSince(name, directive)).toBe(engines[name].since[capability]);
  }
});
