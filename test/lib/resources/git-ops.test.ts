import { objectMeta, preSyncMeta } from '../../../lib/resources/metadata';
import { family } from './support/family';

const waveOf = (wave: Parameters<typeof objectMeta>[2]) =>
  Number(objectMeta(family, 'orders', wave).annotations['argocd.argoproj.io/sync-wave']);

test('what others need comes first: permissions, configuration, names, servers, and what watches them', () => {
  const waves = (['access', 'configuration', 'service', 'workload', 'monitoring'] as const).map(waveOf);
  expect(waves).toEqual([...waves].sort((a, b) => a - b));
  expect(new Set(waves).size).toBe(waves.length);
});

test('what comes before a sync is made anew for each, and goes when it has succeeded', () => {
  expect(preSyncMeta(family, 'orders', 'job').annotations).toEqual({
    owner: 'shop',
    'argocd.argoproj.io/hook': 'PreSync',
    'argocd.argoproj.io/hook-delete-policy': 'BeforeHookCreation,HookSucceeded',
    'argocd.argoproj.io/sync-wave': '0',
  });
});

test.each(['flux', 'none'] as const)('%s gets no annotations for Argo CD', (gitOps) => {
  expect(objectMeta({ ...family, gitOps }, 'orders', 'workload').annotations).toEqual({ owner: 'shop' });
});
