import type { Backup } from '../../../sidecar/backup/catalog';
import { manifestSchema, type Manifest } from '../../../sidecar/backup/manifest';

/** A manifest of two shards, with what the test is about. */
export const manifestOf = (given: Partial<Manifest> = {}): Manifest =>
  manifestSchema.parse({
    manifest: 1,
    name: '20261121T030000Z',
    database: 'db',
    namespace: 'test',
    topology: 'cluster',
    engine: { name: 'valkey', version: '8.1' },
    agent: '0.1.0',
    cause: 'command',
    startedAt: '2026-11-21T03:00:00.000Z',
    finishedAt: '2026-11-21T03:00:09.000Z',
    shards: ['s0', 's1'].map((name) => ({
      name,
      file: `${name}.rdb`,
      bytes: 3,
      sha256: 'f'.repeat(64),
      node: `${name}-1`,
      role: 'replica',
      serverVersion: '8.1.3',
      replicationId: 'e'.repeat(40),
      offset: 4711,
    })),
    ...given,
  });

/** A backup that was begun at noon of a day of November. */
export const backupOf = (day: number, given: Partial<Manifest> = {}, damage?: string): Backup => {
  const startedAt = `2026-11-${String(day).padStart(2, '0')}T12:00:00.000Z`;
  const name = given.name ?? `day-${day}`;
  return { name, manifest: manifestOf({ startedAt, ...given, name }), ...(damage === undefined ? {} : { damage }) };
};
