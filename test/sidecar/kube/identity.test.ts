import { readIdentity } from '../../../sidecar/kube/identity';

test('an agent is who the downward API says it is', () => {
  const env = { POD_NAME: 'orders-0-0', POD_IP: '10.244.1.7', NODE_NAME: 'node1', ZONE: 'a' };
  expect(readIdentity(env)).toEqual({ node: 'orders-0-0', ip: '10.244.1.7', host: 'node1', zone: 'a' });
});

test('host and zone may be unknown', () => {
  const env = { POD_NAME: 'orders-0-0', ZONE: '' };
  expect(readIdentity(env)).toEqual({ node: 'orders-0-0', ip: '', host: '', zone: '' });
});

test('refuses to be nobody', () => {
  expect(() => readIdentity({})).toThrow(
    'POD_NAME is not set; the manifests set it to the pod\'s name (fieldPath "metadata.name")',
  );
});
