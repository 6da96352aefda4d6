import { ownManifests } from '../../../lib/plan/manifest';
import { changes, changesBetween, edited, effectsIn, only, side } from './sides';

test('a label of every object is one line, and replaces the pods', () => {
  const all = changes({}, { labels: { team: 'shop' } });
  const live = only(all, 'live');
  expect(live.what).toBe('metadata.labels.team changes');
  expect(live.objects).toHaveLength(ownManifests(side()).length);
  expect(only(all, 'restart').because).toEqual(['metadata.labels.team']);
});

test('a changed Service is applied live', () => {
  const now = edited(side(), 'Service', ({ spec, ...rest }) => ({ ...rest, spec: { ...spec, type: 'LoadBalancer' } }));
  expect(only(changesBetween(side(), now), 'live')).toMatchObject({
    what: 'spec.type changes',
    objects: ['headless', '', 'leader', 'replica', 'any'].map((name) => `Service orders${name && '-'}${name}`),
  });
});

test('a fixed field of an object without data means to delete it first', () => {
  const now = edited(side(), 'RoleBinding', (manifest) => ({ ...manifest, roleRef: { kind: 'Role', name: 'other' } }));
  const change = only(changesBetween(side(), now), 'recreate');
  expect(change.what).toBe('RoleBinding orders-agent can never change in roleRef.apiGroup, roleRef.name');
});

test('objects that come and go', () => {
  const extra = (kind: string, name: string): unknown => ({ kind, metadata: { ...side()[0]!.metadata, name } });
  const now = [...side(), extra('PrometheusRule', 'orders'), extra('Job', 'orders-check')];
  expect(only(changesBetween(side(), now), 'live')).toMatchObject({
    what: 'added',
    objects: ['PrometheusRule orders', 'Job orders-check'],
  });
  expect(only(changesBetween(now, side()), 'live')).toMatchObject({ what: 'removed' });
});

test.each([
  ['Service', 'remove', 'Service orders-extra is removed: clients that use the name fail'],
  ['CronJob', 'remove', 'CronJob orders-extra is removed: it runs no more'],
  ['StatefulSet', 'remove', 'StatefulSet orders-extra is removed: its pods end'],
  ['Secret', 'refused', 'Secret orders-extra is removed: what is in it is lost'],
  ['PersistentVolumeClaim', 'refused', 'PersistentVolumeClaim orders-extra is removed: what is on it is lost'],
] as const)('somebody misses a %s', (kind, effect, what) => {
  const old = [...side(), { kind, metadata: { ...side()[0]!.metadata, name: 'orders-extra' } }];
  expect(only(changesBetween(old, side()), effect).what).toBe(what);
});

test('the order of named entries is no difference, a changed entry of any other list is one field', () => {
  const turned = edited(side(), 'Service', ({ spec, ...rest }) => ({
    ...rest,
    spec: { ...spec, ports: [...(spec.ports as unknown[])].reverse() },
  }));
  expect(changesBetween(side(), turned)).toEqual([]);
  const role = edited(side(), 'Role', (manifest) => ({ ...manifest, rules: (manifest.rules as unknown[]).slice(1) }));
  expect(only(changesBetween(side(), role), 'live').what).toBe('rules changes');
});

test('no value of a Secret or of a pod is ever in a plan', () => {
  const secret = (value: string): unknown => ({
    kind: 'Secret',
    metadata: { ...side()[0]!.metadata, name: 'orders-auth' },
    stringData: { password: value },
  });
  const env = (value: string) =>
    edited(side(), 'StatefulSet', (manifest) => {
      const { containers } = manifest.spec.template.spec as { containers: { env?: unknown }[] };
      containers[0]!.env = [{ name: 'PASSWORD', value }];
      return manifest;
    });
  const all = changesBetween(
    [...env('old-secret'), secret('old-secret')],
    [...env('new-secret'), secret('new-secret')],
  );
  expect(effectsIn(all)).toEqual(['restart', 'live']);
  expect(JSON.stringify(all)).not.toContain('-secret');
});
