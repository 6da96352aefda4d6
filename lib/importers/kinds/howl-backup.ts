import { notImported, problem, set, warning, type Effect } from '../effect';
import type { OwnPart, PartImporter, Settled } from '../importer';
import { partMetadataTable } from '../metadata';
import type { Source } from '../source';
import { leftOut, leftOutUnless, settled, type Rule, type Table } from '../table';
import { flag, word } from '../values';
import { readSchedule } from './howl-schedule';

const bucket = 'spec.destination.s3.bucket';

/** Whether a backup goes where this library has one go. */
const hasBucket = (source: Source): boolean => source.text(bucket) !== undefined;

const noBucket = 'a backup goes to a store that speaks S3, or to a volume; name one in backup.destination';

const destination =
  (field: string, change: (text: string) => string | undefined = (text) => text): Rule =>
  ({ value, source }) => {
    if (!hasBucket(source)) return [notImported(noBucket)];
    const text = change(String(value).trim());
    return text === undefined || text === '' ? [] : [set(`backup.destination.s3.${field}`, text)];
  };

/** Without `/` at its ends. */
const folder = (path: string): string => path.replace(/^[\s/]+|[\s/]+$/g, '');

const withScheme = (endpoint: string): string =>
  (/^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}`).replace(/\/+$/, '');

const azure = leftOut(
  'Azure Blob storage is not supported; name a store that speaks S3, or a volume, in backup.destination',
);

/** Fields that both kinds have. */
const common: Table = {
  ...partMetadataTable,
  'spec.clusterName': settled,
  'spec.target': ({ value, source }) => {
    const target = word('primary', 'prefer-replica').read(value);
    if (!target) return [problem('must be "primary" or "prefer-replica"')];
    if (!hasBucket(source)) return [notImported(noBucket)];
    return [set('backup.source', target === 'primary' ? 'primary' : 'replica')];
  },
  'spec.method': leftOutUnless(
    'rdb',
    'a backup is a snapshot of every shard; for every write since, name a destination in "archive"',
  ),
  'spec.destination.s3.bucket': destination('bucket'),
  'spec.destination.s3.path': destination('prefix', folder),
  'spec.destination.s3.endpoint': destination('endpoint', withScheme),
  'spec.destination.s3.region': destination('region'),
  'spec.destination.azure.container': azure,
  'spec.destination.azure.path': azure,
  'spec.destination.azure.accountName': azure,
  'spec.destination.azure.endpoint': azure,
};

const history = leftOut(
  'it counted objects, while the files stayed for ever; how many files are kept is for backup.retention to say',
);

const of = (source: Source) => ({ name: source.text('spec.clusterName') });

/** The Secret of the object store is named by the database. */
function credentialsOf({ source, database }: OwnPart): Settled[] {
  if (!hasBucket(source)) return [];
  const at = 'spec.destination.s3';
  const named = database?.text('spec.backupCredentialsSecret.name');
  const secret = named ?? `${source.text('spec.clusterName') ?? 'database'}-backup`;
  const effect = warning(`create Secret "${secret}" with accessKeyId and secretAccessKey; the database names none`);
  return [
    { at, effect: set('backup.destination.s3.credentials.name', secret) },
    ...(named === undefined ? [{ at, effect }] : []),
  ];
}

const isOver = (source: Source): boolean => ['Completed', 'Failed'].includes(source.text('status.phase') ?? '');

function settleOnce(own: OwnPart): Settled[] {
  const { source, name, index } = own;
  if (isOver(source)) return credentialsOf(own);
  const effect = hasBucket(source) ? set(['backup', 'once', index], name) : notImported(noBucket);
  return [...credentialsOf(own), { at: 'metadata.name', effect }];
}

/** `RedisBackup` (redis.io/v1): one backup, now. */
export const howlBackup: PartImporter = {
  role: 'part',
  group: 'redis.io',
  kind: 'RedisBackup',
  version: 'v1',
  defaults: {},
  table: { ...common, 'status.phase': settled },
  ofAt: 'spec.clusterName',
  of,
  isOver,
  settle: settleOnce,
};

/** Longest name of a schedule. */
const longestName = 20;

function nameOf({ name, index }: OwnPart): readonly [string, ...Effect[]] {
  if (name.length <= longestName) return [name];
  const short = `${name.slice(0, longestName - 3).replace(/[^a-z0-9]+$/, '')}-${index + 1}`;
  return [short, warning(`is "${short}" from now on; the name of a schedule has at most ${longestName} characters`)];
}

function scheduleOf(own: OwnPart): Effect[] {
  const { source, index } = own;
  const read = readSchedule(source.text('spec.schedule') ?? '');
  if ('problem' in read) return [problem(read.problem)];
  const timeZone = read.timeZone ?? source.text('spec.timeZone');
  const [name, ...named] = nameOf(own);
  const value = {
    name,
    cron: read.cron,
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(source.isOn('spec.suspend') ? { suspended: true } : {}),
  };
  if (!hasBucket(source)) return [notImported(`${noBucket}, and this in backup.schedules: ${JSON.stringify(value)}`)];
  return [set(['backup', 'schedules', index], value), ...named];
}

/** `RedisScheduledBackup` (redis.io/v1): backups at certain times. */
export const howlScheduledBackup: PartImporter = {
  role: 'part',
  group: 'redis.io',
  kind: 'RedisScheduledBackup',
  version: 'v1',
  defaults: {},
  table: {
    ...common,
    'spec.schedule': settled,
    'spec.timeZone': settled,
    'spec.suspend': ({ value }) => (flag.read(value) === undefined ? [problem(`must be ${flag.allowed}`)] : []),
    'spec.successfulBackupsHistoryLimit': history,
    'spec.failedBackupsHistoryLimit': history,
  },
  ofAt: 'spec.clusterName',
  of,
  settle: (own) => [...credentialsOf(own), ...scheduleOf(own).map((effect) => ({ at: 'spec.schedule', effect }))],
};
