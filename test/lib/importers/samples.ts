import { stringify } from 'yaml';

import type { SpecFile } from '../../../charts/documents';
import { readFixtures } from './fixtures';

/** What the operators' documents leave to a shell. */
const variables: Readonly<Record<string, string>> = {
  name: 'upgraded',
  instances: '3',
  image_name: 'redis:7.2',
  REDIS_CLUSTER_NAME: 'tried',
  REDIS_INSTANCES: '3',
};

/** The least around a fragment of a spec. */
const around: Readonly<Record<string, object>> = {
  opendi: { apiVersion: 'keydb.io/v1alpha1', kind: 'KeyDBCluster', spec: { mode: 'multi-master' } },
  smoketurner: {
    apiVersion: 'valkey-operator.smoketurner.com/v1alpha1',
    kind: 'ValkeyCluster',
    spec: { tls: { issuerRef: { name: 'authority' } }, auth: { secretRef: { name: 'password' } } },
  },
  howl: { apiVersion: 'redis.io/v1', kind: 'RedisCluster', spec: { mode: 'standalone', instances: 3 } },
};

/** A file of an operator's samples, with documents that are whole. */
export interface Sample {
  readonly file: string;
  readonly documents: readonly unknown[];
}

/** Every sample of every operator; fragments of a spec stand in the least document that can hold them. */
export const readSamples = (): Sample[] =>
  readFixtures('samples')
    .filter(({ file }) => !isChartValues(file))
    .map(({ file, documents }) => ({ file, documents: documents.map((document) => wholeOf(file, document)) }));

/** Documents as a file that somebody wrote. */
export const asFile = ({ file, documents }: Sample): SpecFile => ({
  name: file,
  text: documents.map((document) => stringify(document)).join('---\n'),
});

/** Values of a Helm chart, which no document of the operator has. */
const isChartValues = (file: string): boolean => file.includes('docs__monitoring');

function wholeOf(file: string, document: unknown): unknown {
  if (!file.includes('.fragment.')) return withoutVariables(document);
  const { spec, ...whole } = around[file.split('/')[0]!] as { spec: object };
  const fragment = (document as { spec?: object }).spec ?? (document as object);
  const metadata = { name: 'fragment', namespace: 'shop' };
  return { ...whole, metadata, spec: { ...spec, ...fragment } };
}

const withoutVariables = (document: unknown): unknown =>
  JSON.parse(JSON.stringify(document).replace(/\$\{(\w+)\}/g, (_, name: string) => variables[name]!));
