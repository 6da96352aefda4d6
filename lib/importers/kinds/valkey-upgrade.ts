import { problem, set, warning, type Effect } from '../effect';
import { imageEffects, olderTag } from '../image';
import type { OwnPart, PartImporter, Settled } from '../importer';
import { partMetadataTable } from '../metadata';
import type { Source } from '../source';
import { checked, settled, type Table } from '../table';
import { wholeNumber } from '../values';
import { usualValkey } from './valkey-cluster';

const table: Table = {
  ...partMetadataTable,
  'spec.clusterRef.name': settled,
  'spec.clusterRef.namespace': settled,
  'spec.targetVersion': settled,
  // In no schema of the operator, but in an example of its own.
  'spec.targetImage.repository': settled,
  'spec.targetImage.tag': settled,
  'spec.replicationSyncTimeoutSeconds': checked(wholeNumber),
  'spec.podReadyTimeoutSeconds': checked(wholeNumber),
};

const defaults = { 'spec.replicationSyncTimeoutSeconds': 300, 'spec.podReadyTimeoutSeconds': 600 } as const;

/** The tag of the image that an upgrade asks for. The operator has Alpine images only. */
function tagOf(source: Source): string | undefined {
  const version = source.text('spec.targetVersion')?.trim();
  if (version === undefined) return source.text('spec.targetImage.tag')?.trim();
  return version.includes('alpine') ? version : `${version}-alpine`;
}

function imageOf({ source, database, others }: OwnPart): Effect[] {
  const tag = tagOf(source);
  if (tag === undefined) return [problem('missing, must be the version to upgrade to, like "9.1.0"')];
  const overtaken = others.some((other) => olderTag(tag, tagOf(other)));
  if (overtaken || olderTag(tag, database?.text('spec.image.tag'))) {
    return [warning('not imported; the database, or another upgrade, asks for a newer version already')];
  }
  const repository =
    source.text('spec.targetImage.repository') ?? database?.text('spec.image.repository') ?? 'valkey/valkey';
  return [
    ...imageEffects(`${repository}:${tag}`, usualValkey, true),
    warning('becomes version and image of the database; from now on an upgrade is a change of them'),
  ];
}

/** The operator gave a shard so long to become ready, and then so long to be in sync. */
const timeoutOf = (source: Source): number =>
  (source.number('spec.podReadyTimeoutSeconds') ?? 0) + (source.number('spec.replicationSyncTimeoutSeconds') ?? 0);

function settle(own: OwnPart): Settled[] {
  const { source } = own;
  const said = source.said.find(({ path }) => String(path[1]).includes('Timeout'));
  return [
    ...imageOf(own).map((effect) => ({
      at: source.has('spec.targetImage') ? 'spec.targetImage' : 'spec.targetVersion',
      effect,
    })),
    ...(said ? [{ at: said.path.join('.'), effect: set('upgrade.validationTimeoutSeconds', timeoutOf(source)) }] : []),
  ];
}

/** `ValkeyUpgrade` of the Valkey operator (valkey-operator.smoketurner.com/v1alpha1). */
export const valkeyUpgrade: PartImporter = {
  role: 'part',
  group: 'valkey-operator.smoketurner.com',
  kind: 'ValkeyUpgrade',
  version: 'v1alpha1',
  defaults,
  table,
  ofAt: 'spec.clusterRef.name',
  of: (source) => ({ name: source.text('spec.clusterRef.name'), namespace: source.text('spec.clusterRef.namespace') }),
  settle,
};
