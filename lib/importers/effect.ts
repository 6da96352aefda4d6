import type { Path } from './leaves';

/** What a field of an old document does: it sets a field of the spec, or it has something said about it. */
export type Effect =
  | { readonly kind: 'set'; readonly path: Path; readonly value: unknown }
  | { readonly kind: 'warning' | 'problem'; readonly message: string };

/** Sets a field of the spec: `upgrade.strategy`, or a path of which a step may hold any character. */
export const set = (path: string | Path, value: unknown): Effect => ({
  kind: 'set',
  path: typeof path === 'string' ? path.split('.') : path,
  value,
});

/** The field is not carried over as it stands, and somebody should know what to do instead. */
export const warning = (message: string): Effect => ({ kind: 'warning', message });

/** As {@link warning}, of a field that has no place in the spec. */
export const notImported = (instead: string): Effect => warning(`not imported; ${instead}`);

/** The document cannot be taken because of the field. */
export const problem = (message: string): Effect => ({ kind: 'problem', message });
