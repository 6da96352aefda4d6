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
  expect(told('Standalone', '  replicaOf: { host: elsewhere, auth: off, tls: off }\n')).toEqual([]);
  expect(told('Sentinel', '  replicas: 1\n  fenced: [db-server-0]\n')).toEqual([]);
  expect(told('Replication', '  replicas: 1\n  primary: db-server-1\n')).toEqual([]);
  expect(
    told(
      'Cluster',
      '  shards: 3\n  replicasPerShard: 1\n  fenced: [db-shard-0-1]\n  primaries: [db-shard-1-1]\n  state: paused\n',
    ),
  ).toEqual([]);
});

test('names each field that it does not heed, and what happens instead', () => {
  const to = 'destination: { volume: { claimName: archive } }';
  const backup = `  backup: { ${to} }\n`;
  expect(told('Standalone', `${backup}  archive: { ${to} }\n`)).toEqual([
    '8: [db] spec.archive: not heeded by the agent of this version: nothing is archived',
  ]);
});
