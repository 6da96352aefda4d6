import { databaseCertificate, type DatabaseCertificateProps } from '../../../lib/resources/certificate';
import { family, familyLabels } from './support/family';

const props: DatabaseCertificateProps = {
  family,
  namespace: 'shop',
  clusterDomain: 'cluster.local',
  issuer: { name: 'internal', kind: 'ClusterIssuer', group: 'cert-manager.io' },
  services: ['orders', 'orders-replica'],
  podService: 'orders-headless',
  dnsNames: ['orders.example.org', 'localhost'],
  duration: '2160h',
};

const spec = (change: Partial<DatabaseCertificateProps> = {}) => databaseCertificate({ ...props, ...change }).spec!;

test('covers every name by which clients and nodes come, once each', () => {
  const { dnsNames, ipAddresses } = spec();
  expect(dnsNames).toEqual([
    'orders.shop.svc.cluster.local',
    'orders.shop.svc',
    'orders.shop',
    'orders',
    'orders-replica.shop.svc.cluster.local',
    'orders-replica.shop.svc',
    'orders-replica.shop',
    'orders-replica',
    'orders-headless.shop.svc.cluster.local',
    'orders-headless.shop.svc',
    'orders-headless.shop',
    'orders-headless',
    '*.orders-headless.shop.svc.cluster.local',
    '*.orders-headless.shop.svc',
    'localhost',
    'orders.example.org',
  ]);
  expect(ipAddresses).toEqual(['127.0.0.1', '::1']);
});

test('is good for both ends of a connection, with a new key each time', () => {
  expect(spec()).toMatchObject({
    usages: ['server auth', 'client auth'],
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    issuerRef: { name: 'internal', kind: 'ClusterIssuer', group: 'cert-manager.io' },
  });
});

test('fills a Secret that is known for what it is, before any pod mounts it', () => {
  const { metadata } = databaseCertificate(props);
  expect(metadata).toEqual({
    name: 'orders-tls',
    labels: familyLabels,
    annotations: { owner: 'shop', 'argocd.argoproj.io/sync-wave': '-2' },
  });
  expect(spec()).toMatchObject({ secretName: 'orders-tls', secretTemplate: { labels: familyLabels } });
});

test('is renewed when it is said to be, or when cert-manager thinks best', () => {
  expect(spec()).not.toHaveProperty('renewBefore');
  expect(spec({ duration: '48h', renewBefore: '12h' })).toMatchObject({ duration: '48h', renewBefore: '12h' });
});
