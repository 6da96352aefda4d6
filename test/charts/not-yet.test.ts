/** Whoever applies a spec is told what the agent will not do. */
import { buildApp } from '../../charts/app';

const told = (kind: string, more: string): string[] => {
  const text = `kind: ${kind}\nmetadata: { name: db, namespace: shop }\nspec:\n  engine: valkey\n  tls: off\n  persistence: { size: 1Gi }\n${more}`;
  const { unheeded, problems } = buildApp([{ name: 'db.yaml', text }]);
  expect(problems).toEqual([]);
  return unheeded.map(({ line, message }) => `${line}: ${message}`);
};

test('says nothing of what is done', () => {
  expect(told('Standalone', '')).toEqual([]);
  expect(
    told('Cluster', '  shards: 3\n  replicasPerShard: 1\n  fenced: []\n  primaries: []\n  state: hibernated\n'),
  ).toEqual([]);
});

test('names the kind whose nodes it does not start', () => {
  expect(told('Replication', '  replicas: 1\n  fenced: [db-server-0]\n')).toEqual([
    '1: [db] kind: the agent of this version does not start nodes of "Replication"; it runs Standalone and Cluster',
  ]);
});

test('names each field that it does not heed, and what happens instead', () => {
  expect(told('Cluster', '  shards: 3\n  replicasPerShard: 1\n  fenced: [db-shard-0-1]\n  state: paused\n')).toEqual([
    '9: [db] spec.fenced: not heeded by the agent of this version: the nodes go on serving',
    '10: [db] spec.state: not heeded by the agent of this version: the agents go on acting',
  ]);
});

test('says that volumes do not grow', () => {
  const grown =
    'kind: Standalone\nmetadata: { name: db, namespace: shop }\nspec:\n  engine: valkey\n  tls: off\n  persistence: { size: 2Gi, initialSize: 1Gi }\n';
  const { unheeded, problems } = buildApp([{ name: 'db.yaml', text: grown }]);
  expect(problems).toEqual([]);
  expect(unheeded.map(({ message }) => message)).toEqual([
    '[db] spec.persistence: not heeded by the agent of this version: volumes stay at "initialSize"',
  ]);
});
