import * as z from 'zod';

import { latestBackup } from '../../contract/names';
import { block, flag, label, listOf, matching, objectName, oneOf, text, wholeNumber } from '../fields';
import { must, mustBlock, mustUnseen } from '../problems';
import { cron, moment, timeZone } from '../time-and-place';
import { secret } from './secret-schema';

const folder = (what: string) => matching(`${what}, without "/" at either end`, /^[^\s/]([^\p{Cc}]*[^\s/])?$/u, 512);

const endpointForm = 'an address like "https://minio.example:9000", without a user';

const s3 = block('{ bucket, prefix, endpoint, region, addressing, credentials }', {
  bucket: matching('the name of a bucket', /^[a-z0-9][-a-z0-9.]{1,61}[a-z0-9]$/, 63),
  prefix: folder('the beginning of the names of objects').optional(),
  endpoint: matching(endpointForm, /^https?:\/\/[^\s/@]+$/, 512, mustUnseen(endpointForm)).optional(),
  region: text('a region').default('us-east-1'),
  addressing: oneOf(['path', 'host']).optional(),
  credentials: secret,
});

const volume = block('{ claimName, path }', {
  claimName: objectName('the name of a PersistentVolumeClaim'),
  path: folder('a folder').optional(),
});

/** See {@link DestinationProps}. */
const destination = z.union(
  [block('{ s3: { bucket, credentials } }', { s3 }), block('{ volume: { claimName } }', { volume })],
  { error: mustBlock('{ s3: { bucket, credentials } } or { volume: { claimName } }') },
);

/** {@link DestinationProps} with its defaults. */
export type DestinationFields = z.output<typeof destination>;

const zone = timeZone.default('Etc/UTC');

const retention = block('{ count, days }', {
  count: wholeNumber(1, 100_000).optional(),
  days: wholeNumber(1, 36_500).optional(),
}).refine(({ count, days }) => count !== undefined || days !== undefined, {
  error: 'must have "count", "days" or both',
});

const schedule = block('a schedule: { name, cron }', {
  name: label('the name of a schedule').max(20, {
    error: must('at most 20 characters, which the name of its CronJob has room for'),
  }),
  cron,
  timeZone: zone,
  suspended: flag.default(false),
  retention: retention.optional(),
});

/** See {@link BackupProps}. */
export const backup = block('{ destination, schedules }', {
  destination,
  schedules: listOf('schedules', schedule).default([]),
  once: listOf('names of backups', label('the name of a backup')).default([]),
  retention: retention.optional(),
  source: oneOf(['replica', 'primary']).default('replica'),
  verification: block('{ cron, timeZone }', { cron, timeZone: zone }).optional(),
});

/** See {@link ArchiveProps}. */
export const archive = block('{ destination, maxDelaySeconds, retentionDays }', {
  destination,
  maxDelaySeconds: wholeNumber(1, 3600).default(10),
  retentionDays: wholeNumber(1, 36_500).optional(),
});

const origin = {
  source: destination,
  database: matching('a database as "namespace/name"', /^[a-z0-9][-a-z0-9]*\/[a-z][-a-z0-9]*$/, 120).optional(),
};

/** See {@link RestoreProps}. */
export const restore = z.union(
  [
    block('{ source, database, backup }', { ...origin, backup: text('the name of a backup').default(latestBackup) }),
    block('{ source, database, time }', { ...origin, time: moment }),
  ],
  { error: must('{ source, backup } or { source, time }') },
);
