import { parseQuantity } from '../spec/quantity';
import type { Path } from './leaves';

interface Amount {
  readonly effect: { readonly path: Path; readonly value: unknown };
  /** Whether somebody wrote it; else the operator assumed it. */
  readonly said: boolean;
}

const other: Readonly<Record<string, string>> = { requests: 'limits', limits: 'requests' };

/**
 * Whether an amount that an operator assumes makes no sense beside one that somebody wrote: a request above its limit, or a
 * limit below its request. Kubernetes would refuse the pods.
 */
export function isOverruled({ effect, said }: Amount, all: readonly Amount[]): boolean {
  const [block, side, kind] = effect.path.map(String);
  if (said || block !== 'resources' || side === undefined || kind === undefined) return false;
  const written = all.find((one) => one.said && one.effect.path.join('.') === `resources.${other[side]}.${kind}`);
  if (written === undefined) return false;
  const [assumedAmount, writtenAmount] = [effect.value, written.effect.value].map((value) =>
    parseQuantity(String(value)),
  );
  if (assumedAmount === undefined || writtenAmount === undefined) return false;
  return side === 'requests' ? assumedAmount > writtenAmount : assumedAmount < writtenAmount;
}
