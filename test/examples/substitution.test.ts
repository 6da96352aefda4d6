import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildApp } from '../../charts/app';

const folder = join(__dirname, '../../examples');

const specs = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

/** The manifests of an example, as they are where Flux applies them. */
function forFlux(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8').replace(
    /^spec:\n(?: {2}gitOps: .*\n)?/m,
    'spec:\n  gitOps: flux\n',
  );
  const { app, problems } = buildApp([{ name, text }]);
  expect(problems).toEqual([]);
  return app.synthYaml();
}

// https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution
test.each(specs)('nothing in the manifests of %s is a variable to Flux, which would fill it in', (name) => {
  const yaml = forFlux(name);
  expect(yaml).toContain('kind: StatefulSet');
  // `$$` is how Flux is told of a single one.
  expect(yaml.split('\n').filter((line) => /\$[{$]/.test(line))).toEqual([]);
});
