import { App, Chart } from 'cdk8s';

import { Cluster, type ClusterProps } from '../../../lib';
import { agentImageContext } from '../../../lib/resources/agent-image';
import type { Change, Effect } from '../../../lib/plan/change';
import { planChanges } from '../../../lib/plan/plan';
import { leastProps, type Manifest } from '../synthesize';

/** The manifests of a database `shop/orders`. */
export function side(props: Partial<ClusterProps> = {}, agentImage?: string): Manifest[] {
  const app = new App();
  if (agentImage !== undefined) app.node.setContext(agentImageContext, agentImage);
  const chart = new Chart(app, 'orders', { namespace: 'shop' });
  new Cluster(chart, 'orders', { ...leastProps, version: '8.1', ...props });
  return chart.toJson() as Manifest[];
}

/** What a change of props does. */
export const changes = (old: Partial<ClusterProps>, now: Partial<ClusterProps>): readonly Change[] =>
  changesBetween(side(old), side(now));

/** What a change of manifests of one database does. */
export function changesBetween(old: readonly unknown[], now: readonly unknown[]): readonly Change[] {
  const { databases } = planChanges(old, now);
  expect(databases).toHaveLength(1);
  return databases[0]!.changes;
}

/** The only change with an effect. */
export function only(all: readonly Change[], effect: Effect): Change {
  const found = all.filter((change) => change.effect === effect);
  expect(found.map(({ what }) => what)).toHaveLength(1);
  return found[0]!;
}

/** The effects of all changes, each once. */
export const effectsIn = (all: readonly Change[]): Effect[] => [...new Set(all.map(({ effect }) => effect))];

/** The same manifests with some objects edited, as another version of the package might write them. */
export const edited = (
  manifests: readonly Manifest[],
  kind: string,
  edit: (manifest: Manifest) => unknown,
): unknown[] => manifests.map((manifest) => (manifest.kind === kind ? edit(structuredClone(manifest)) : manifest));

/** The same manifests with other words to the agents. */
export const retold = (manifests: readonly Manifest[], words: Readonly<Record<string, unknown>>): unknown[] =>
  edited(manifests, 'ConfigMap', (manifest) => {
    const { data } = manifest as { readonly data?: Readonly<Record<string, string>> };
    const document = data?.['agent-config.v1.json'];
    if (document === undefined) return manifest;
    const told = { ...(JSON.parse(document) as object), ...words };
    return { ...manifest, data: { 'agent-config.v1.json': JSON.stringify(told) } };
  });
