import type { Hands } from './act';
import type { ActionOf } from './action';
import { nodesOf } from './own-node';

/** The next pass may have to wait for nodes that do not answer. The label's own cycle does what fails here. */
export function labelAtOnce(node: string, hands: Hands): void {
  const others = nodesOf(hands.config()).flatMap(({ name }) => (name === node ? [] : [name]));
  label({ do: 'label', node, role: 'primary', others }, hands).catch(() => undefined);
}

type LabelAction = ActionOf<'label'>;

/** One after the other: of two that are on their way at once the older one may arrive last, and stay. */
export const label = (action: LabelAction, hands: Hands): Promise<void> =>
  hands.labels ? hands.labels.take(action.node, () => labelNow(action, hands)) : labelNow(action, hands);

/** The new primary's pod first: until the old one has lost its label, clients find both, and the old one takes no writes. */
async function labelNow({ node, role, others = [] }: LabelAction, hands: Hands): Promise<void> {
  const epoch = hands.primacy?.record()?.epoch;
  await hands.platform.labelRole(node, role);
  // One that keeps its label is sent writes: it is done when all have lost it.
  await Promise.all(others.map((other) => hands.platform.labelRole(other, 'replica')));
  hands.own?.labelled(node, role, epoch);
}
