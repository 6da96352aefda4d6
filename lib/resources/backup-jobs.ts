import { createHash } from 'node:crypto';

import type * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { backupComponent, labels, latestBackup, objectNames } from '../contract/names';
import { jobPod, type JobSurroundings } from './job-pod';
import { objectLabels, objectMeta, type Family } from './metadata';
import { jobMounts, jobVolumes, type JobVolumesProps } from './volumes';

/** What the jobs of backups depend on. */
export interface BackupJobsProps {
  readonly family: Family;
  readonly surroundings: JobSurroundings;
  readonly files: JobVolumesProps;
}

/** When something is done again and again. */
export interface Timetable {
  readonly cron: string;
  readonly timeZone: string;
  readonly suspended: boolean;
}

/** Who the jobs are: nobody, to the API. They need no right there, and get no token. */
export const backupAccount = (family: Family): k8s.KubeServiceAccountProps => ({
  metadata: objectMeta(family, objectNames(family.database).backup, 'access'),
  automountServiceAccountToken: false,
});

/** Makes backups at the times of a schedule. */
export const scheduledBackup = (
  props: BackupJobsProps,
  schedule: Timetable & { readonly name: string },
): k8s.KubeCronJobProps =>
  cronJob(props, objectNames(props.family.database).backupSchedule(schedule.name), schedule, [
    'backup',
    '--schedule',
    schedule.name,
  ]);

/** Reads the newest backup again at certain times. */
export const backupVerification = (props: BackupJobsProps, timetable: Timetable): k8s.KubeCronJobProps =>
  cronJob(props, objectNames(props.family.database).backupVerification, timetable, [
    'backup',
    '--verify',
    latestBackup,
  ]);

/**
 * Makes a backup of that name, unless it is there: the Job has another name when what it is made from has changed, and then runs again.
 * Without an order of things, as with kubectl, it begins before the database is whole, and tries again.
 */
export function namedBackup(props: BackupJobsProps, name: string): k8s.KubeJobProps {
  const { family } = props;
  const template = podTemplate(props, ['backup', '--once', name]);
  const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8);
  return {
    metadata: objectMeta(family, `${objectNames(family.database).backup}-${hash}`, 'job'),
    spec: { backoffLimit: 20, template },
  };
}

/** A run that misses its time by more is left out: a machine that was away for a week makes up for nothing. Seconds. */
const latestStart = 3600;

/** Nothing takes longer; a run that hangs would keep all others from starting. Seconds. */
const longestRun = 24 * 3600;

function cronJob(props: BackupJobsProps, name: string, timetable: Timetable, args: string[]): k8s.KubeCronJobProps {
  return {
    metadata: objectMeta(props.family, name, 'job'),
    spec: {
      schedule: timetable.cron,
      timeZone: timetable.timeZone,
      suspend: timetable.suspended,
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: latestStart,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: { backoffLimit: 3, activeDeadlineSeconds: longestRun, template: podTemplate(props, args) },
      },
    },
  };
}

/** Some parts of an object of each of a few shards are in memory on their way; neither grows with the data below 50 GB a shard. */
const resources = { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '512Mi' } };

/** No selector of the database picks it, but its network policy lets it in. */
function podTemplate({ family, surroundings, files }: BackupJobsProps, args: string[]): k8s.PodTemplateSpec {
  return {
    metadata: { labels: { ...objectLabels(family), [labels.component]: backupComponent } },
    spec: jobPod({
      ...surroundings,
      account: objectNames(family.database).backup,
      args,
      env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      resources,
      mounts: jobMounts(files),
      volumes: jobVolumes(files),
    }),
  };
}
