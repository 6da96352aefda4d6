import { existsSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

import { parse } from 'yaml';
import * as z from 'zod';

/** The parts of a `cdk8s.yaml` that a synthesis needs: https://cdk8s.io/docs/latest/cli/configuration-file/ */
export interface Project {
  /** Command that runs the cdk8s app. */
  readonly app: string;
  /** Absolute path of the folder for manifests. */
  readonly output: string;
}

const schema = z.object({
  app: z.string(),
  output: z.string().default('dist'),
  validations: z.unknown().optional(),
  synthConfig: z.object({ format: z.string().default('plain') }).optional(),
});

/**
 * Reads the `cdk8s.yaml` of a folder.
 *
 * @throws Error where there is none, or it asks for something that only the command of cdk8s itself does
 */
export function readProject(folder: string): Project {
  const file = join(folder, 'cdk8s.yaml');
  if (!existsSync(file)) throw new Error(`no cdk8s.yaml in ${folder}; run this where your cdk8s app is`);
  const parsed = schema.safeParse(parse(readFileSync(file, 'utf8')));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`cdk8s.yaml is not understood: ${problems.join('; ')}`);
  }
  const { app, output, validations, synthConfig } = parsed.data;
  if (validations !== undefined || (synthConfig && synthConfig.format !== 'plain')) {
    throw new Error(
      'cdk8s.yaml asks for validations or a format other than plain, which only `cdk8s synth` knows; use that',
    );
  }
  const target = resolve(folder, output);
  // Everything in the output folder that the app does not write is removed.
  if (!relative(target, resolve(folder)).startsWith('..')) {
    throw new Error(`cdk8s.yaml: output must be a folder of its own, got "${output}"`);
  }
  return { app, output: target };
}
