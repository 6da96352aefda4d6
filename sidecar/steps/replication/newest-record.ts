import type { DatabaseView, PrimaryRecord } from '../../view';

/** The newest record that any agent knows; of one epoch what its primary says, who alone changes it. */
export function newestRecord({ nodes }: DatabaseView): PrimaryRecord | undefined {
  const known = nodes.flatMap(({ name, agent }) => (agent?.record ? [{ name, record: agent.record }] : []));
  const rank = ({ name, record }: (typeof known)[number]): number =>
    record.epoch * 2 + (name === record.primary ? 1 : 0);
  const newest = known.sort((a, b) => rank(b) - rank(a))[0]?.record;
  return newest && newest.epoch > 0 ? newest : undefined;
}
