import { isOwn } from '../spec/labels';
import { notImported, set } from './effect';
import { notInput, settled, type Rule, type Table } from './table';

/** Written by Kubernetes itself. */
const written = [
  'uid',
  'resourceVersion',
  'generation',
  'generateName',
  'selfLink',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'finalizers[]',
  'ownerReferences[].**',
  'managedFields[].**',
] as const;

const around: Table = {
  apiVersion: settled,
  kind: settled,
  'metadata.name': settled,
  'metadata.namespace': settled,
  ...Object.fromEntries(written.map((field) => [`metadata.${field}`, notInput])),
  'status.**': notInput,
};

/** Keys that say which tool applied the old object, and how. */
const toolKey =
  /^(kubectl\.kubernetes\.io|argocd\.argoproj\.io|([a-z]+\.)*toolkit\.fluxcd\.io|(meta\.)?helm\.sh|config\.kubernetes\.io|operator-sdk.*|olm\..*)\//;

/** Holds the whole of the old object once more, secrets included. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * A label or annotation, which every object of the new database gets.
 *
 * @param own what becomes of some keys, by key
 */
export const mapEntry =
  (field: 'labels' | 'annotations', own: Readonly<Record<string, Rule>> = {}): Rule =>
  (given) => {
    const key = String(given.steps[0]);
    const rule = Object.hasOwn(own, key) ? own[key] : undefined;
    if (rule) return rule(given);
    if (key === lastApplied) return [];
    if (isOwn(key)) return [notImported('this library sets it itself')];
    if (toolKey.test(key)) return [notImported('it is about the old object and the tool that applied it')];
    return [set([field, key], String(given.value))];
  };

const leaveEntry: Rule = ({ steps }) =>
  steps[0] === lastApplied ? [] : [notImported('the object becomes a part of the spec of its database')];

/**
 * What becomes of all that stands around the spec of a database.
 *
 * @param annotations what the operator's own annotations mean, by key
 */
export const metadataTable = (annotations: Readonly<Record<string, Rule>> = {}): Table => ({
  ...around,
  'metadata.labels.*': mapEntry('labels'),
  'metadata.annotations.*': mapEntry('annotations', annotations),
});

/** As {@link metadataTable}, of an object that belongs to a database. */
export const partMetadataTable: Table = {
  ...around,
  'metadata.labels.*': leaveEntry,
  'metadata.annotations.*': leaveEntry,
};
