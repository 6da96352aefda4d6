import type { SoundFields } from '../kinds';
import { quote } from '../problems';
import { parseQuantity } from '../quantity';
import type { SpecProblem } from '../spec-error';

/** What is wrong between where data is kept and everything that rests on it. */
export function persistenceProblems(fields: SoundFields): SpecProblem[] {
  const { persistence } = fields;
  if (persistence === undefined) return [];
  if (persistence === 'off') return withoutVolumes(fields);
  const { size, initialSize, appendOnly, snapshots } = persistence;
  const problems: SpecProblem[] = [];
  if (initialSize !== undefined && (parseQuantity(initialSize) ?? 0) > (parseQuantity(size) ?? 0)) {
    const message = `must be at most "size", ${quote(size)}, got ${quote(initialSize)}; a volume cannot shrink`;
    problems.push({ path: ['persistence', 'initialSize'], message });
  }
  if (appendOnly === 'off' && snapshots.length === 0) {
    const message = 'must not be "off" without "snapshots"; nothing would be written to the volume';
    problems.push({ path: ['persistence', 'appendOnly'], message });
  }
  return problems;
}

function withoutVolumes({ state, restore }: SoundFields): SpecProblem[] {
  const problems: SpecProblem[] = [];
  if (state === 'hibernated') {
    problems.push({
      path: ['state'],
      message: 'must not be "hibernated" without "persistence"; all data would be lost',
    });
  }
  if (restore !== undefined) {
    const message = 'cannot be with "persistence" off; every restart would go back to the backup';
    problems.push({ path: ['restore'], message });
  }
  return problems;
}
