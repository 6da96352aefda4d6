import type { Construct } from 'constructs';

import * as k8s from 'cdk8s-plus-28/lib/imports/k8s';
import { authFiles } from '../contract/names';
import {
  backupAccount,
  backupVerification,
  namedBackup,
  scheduledBackup,
  type BackupJobsProps,
} from '../resources/backup-jobs';
import { familyOf, type DatabasePlan } from './plan';
import { jobSurroundings } from './shard';

/** A CronJob for each schedule and for verification, and a Job for each backup that is made once. */
export function addBackups(scope: Construct, plan: DatabasePlan): void {
  const { backup, state } = plan.spec;
  if (!backup) return;
  const props = jobsProps(scope, plan);
  // There is nobody to copy, and what is there can still be read.
  const asleep = state === 'hibernated';
  new k8s.KubeServiceAccount(scope, 'backup-account', backupAccount(props.family));
  for (const schedule of backup.schedules) {
    const job = scheduledBackup(props, { ...schedule, suspended: schedule.suspended || asleep });
    new k8s.KubeCronJob(scope, `backup-schedule-${schedule.name}`, job);
  }
  for (const name of asleep ? [] : backup.once) {
    new k8s.KubeJob(scope, `backup-once-${name}`, namedBackup(props, name));
  }
  if (!backup.verification) return;
  const verification = backupVerification(props, { ...backup.verification, suspended: false });
  new k8s.KubeCronJob(scope, 'backup-verification', verification);
}

/** Of all that the agents see, what it takes to be a replica and to write to the store. */
function jobsProps(scope: Construct, plan: DatabasePlan): BackupJobsProps {
  const { spec, files } = plan;
  return {
    family: familyOf(plan),
    surroundings: jobSurroundings(scope, spec),
    files: {
      database: spec.name,
      certificate: files.certificate,
      secretFiles: files.secretFiles.filter(({ file }) => file === authFiles.password),
      stores: files.stores.filter(({ name }) => name === 'backup'),
    },
  };
}
