import type { DatabaseStep } from './step';

/**
 * Has volumes grow that ask for less than the spec does. A claim made larger stays so: Kubernetes lets none shrink, and the template that
 * claims are made from never changes.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
 */
export const growVolumes: DatabaseStep = ({ claims = [] }, { volumeBytes = 0 }) =>
  claims
    .filter(({ requested }) => requested < volumeBytes)
    .map(({ node, requested }) => ({ do: 'grow-volume', node, bytes: volumeBytes, before: requested }));
