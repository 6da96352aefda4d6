import { objectMeta } from '../../../lib/resources/metadata';
import { family } from './support/family';

const waveOf = (wave: Parameters<typeof objectMeta>[2]) =>
  Number(objectMeta(family, 'orders', wave).annotations['argocd.argoproj.io/sync-wave']);

test('what others need comes first: permissions, configuration, names, servers, and what watches them', () => {
  const waves = (['access', 'configuration', 'service', 'workload', 'monitoring'] as const).map(waveOf);
  expect(waves).toEqual([...waves].sort((a, b) => a - b));
  expect(new Set(waves).size).toBe(waves.length);
});

test.each(['flux', 'none'] as const)('%s gets no annotations for Argo CD', (gitOps) => {
  expect(objectMeta({ ...family, gitOps }, 'orders', 'workload').annotations).toEqual({ owner: 'shop' });
});
