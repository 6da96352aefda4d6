import { Option, type Command } from 'commander';

import type { Effect, Plan } from '../../lib/plan/change';
import { planAsMarkdown } from '../../lib/plan/markdown';
import { planChanges } from '../../lib/plan/plan';
import { planAsText } from '../../lib/plan/text';
import { readManifests } from '../manifests';

/** What CI does with a plan: 0 goes on, 2 asks somebody, 3 stops. 1 is an error, such as a file that is not there. */
const exitCodes: Readonly<Record<Effect, 0 | 2 | 3>> = {
  nothing: 0,
  create: 0,
  live: 0,
  restart: 2,
  move: 2,
  volumes: 2,
  remove: 2,
  recreate: 2,
  refused: 3,
};

const help = `
OLD and NEW are each a folder or a file of manifests, or a folder or a file of a git revision: main:dist, HEAD~1:dist.

Exit code:
  0  nothing changes, or only what no server notices
  2  pods restart, data or slots move, volumes grow, something clients may use goes away, or an object has to be deleted first
  3  the change cannot be applied, or data would be lost
  1  the manifests could not be compared
`;

/** Adds `keyspace plan`. */
export function addPlanCommand(program: Command): void {
  program
    .command('plan')
    .description('say what applying the manifests NEW over OLD does to the databases that run')
    .argument('<old>', 'manifests as they are applied now')
    .argument('<new>', 'manifests as they will be')
    .addOption(new Option('--json', 'write the whole plan as JSON').conflicts('markdown'))
    .option('--markdown', 'write a comment for a pull request')
    .addHelpText('after', help)
    .action((old: string, now: string, options: { readonly json?: true; readonly markdown?: true }) => {
      const plan = planChanges(readManifests(old), readManifests(now));
      const exitCode = exitCodes[plan.effect];
      process.stdout.write(render(plan, exitCode, options));
      process.exitCode = exitCode;
    });
}

function render(plan: Plan, exitCode: number, options: { readonly json?: true; readonly markdown?: true }): string {
  if (options.json) return JSON.stringify({ exitCode, ...plan }, null, 2) + '\n';
  return options.markdown ? planAsMarkdown(plan) : planAsText(plan);
}
