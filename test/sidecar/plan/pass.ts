import { describe as say, type Action } from '../../../sidecar/action';
import { planDatabase } from '../../../sidecar/plan';
import { formatSlots, subtractSlots } from '../../../sidecar/slots';
import type { DatabaseView } from '../../../sidecar/view';
import { printTables } from '../../simulation/engine/print';
import { apply, claimedSlots, nodeOf, type Model } from './model';

/** Everything that was done, for the message of a failure. What is done again and again is told once. */
export type Transcript = string[];

/** Adds a line with the time. */
export function note(model: Model, transcript: Transcript, sentence: string): void {
  if (transcript.at(-1)?.endsWith(` ${sentence}`)) return;
  transcript.push(`${Math.round(model.ground.timeline.now())} ${sentence}`);
}

/** Looks, plans, and does the first actions of the plan. Every plan is held against what no plan may do. @returns the whole plan */
export async function onePass(model: Model, transcript: Transcript, limit = Infinity): Promise<readonly Action[]> {
  const seen = await model.observer.observe();
  const plan = planDatabase(seen, model.config);
  const again = planDatabase(JSON.parse(JSON.stringify(seen)) as DatabaseView, model.config);
  expect(again).toEqual(plan);
  for (const action of plan.slice(0, limit)) {
    expect(whyForbidden(model, action)).toBeUndefined();
    try {
      apply(model, action);
      note(model, transcript, say(action));
    } catch (error) {
      note(model, transcript, `${say(action)}: refused: ${(error as Error).message}`);
    }
  }
  return plan;
}

function whyForbidden(model: Model, action: Action): string | undefined {
  const touched = [...('node' in action ? [action.node] : []), ...('peer' in action ? [action.peer] : [])];
  const impostor = touched.find((name) => nodeOf(model, name).impostor);
  if (impostor !== undefined) return `${say(action)}: somebody else is at the address of ${impostor}`;
  if (action.do !== 'assign-slots') return undefined;
  const owned = claimedSlots(model);
  const stolen = subtractSlots(action.slots, subtractSlots(action.slots, owned));
  return stolen.length > 0 ? `${say(action)}: ${formatSlots(stolen)} have an owner` : undefined;
}

/** What every server believes. */
export const tables = ({ nodes }: Model): string =>
  printTables(new Map(nodes.map(({ config, server }) => [config.name, server.engine])));
