import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ApiObject, Chart, type App } from 'cdk8s';

import { toYaml } from './yaml';

/**
 * Writes the manifests of an app, a file a chart, as `app.synth()` does. For each chart that goes through the whole
 * app, in search of dependencies between charts; there are none between databases, and a thousand of them would take
 * a thousand times a thousand steps.
 */
export function writeManifests(app: App): void {
  mkdirSync(app.outdir, { recursive: true });
  for (const chart of app.node.children.filter((child) => Chart.isChart(child))) {
    const objects = chart.node.findAll().filter((child) => ApiObject.isApiObject(child));
    writeFileSync(
      join(app.outdir, chart.node.id + app.outputFileExtension),
      toYaml(objects.map((object) => object.toJson() as unknown)),
    );
  }
}
