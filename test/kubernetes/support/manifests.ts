import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildApp } from '../../../charts/app';

/** The example, as a user would copy it. */
const example = join(__dirname, '../../../examples/orders.yaml');

/**
 * Synthesizes the example `orders` for another namespace.
 *
 * @param edit what is to be otherwise in the spec @default nothing
 */
export function synthesizeOrders(
  namespace: string,
  agentImage: string,
  edit: (spec: string) => string = (spec) => spec,
): string {
  const text = edit(readFileSync(example, 'utf8').replace(/^ {2}namespace: .*$/m, `  namespace: ${namespace}`));
  const { app, problems } = buildApp([{ name: example, text }], { agentImage });
  if (problems.length > 0) throw new Error(`the example has problems: ${JSON.stringify(problems)}`);
  return app.synthYaml();
}
