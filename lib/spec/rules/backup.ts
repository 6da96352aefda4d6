import { latestBackup } from '../../contract/names';
import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** What is wrong between backups and the archive. */
export function backupProblems({ backup, archive }: SoundFields): SpecProblem[] {
  if (backup === undefined) {
    const message = 'cannot be without "backup"; a restore starts from a backup and goes on with the archive';
    return archive === undefined ? [] : [{ path: ['archive'], message }];
  }
  return [
    ...repeated(
      backup.schedules.map(({ name }) => name),
      (index) => ['backup', 'schedules', index, 'name'],
    ),
    ...repeated(backup.once, (index) => ['backup', 'once', index]),
    ...backup.once.flatMap((name, index) =>
      name === latestBackup
        ? [
            {
              path: ['backup', 'once', index],
              message: `must not be "${latestBackup}", which stands for the newest backup`,
            },
          ]
        : [],
    ),
  ];
}

function repeated(names: readonly string[], path: (index: number) => SpecProblem['path']): SpecProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [{ path: path(index), message: `must be the only one of its name, got ${quote(name)} twice` }]
      : [],
  );
}
