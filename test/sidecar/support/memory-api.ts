import { isDeepStrictEqual } from 'node:util';

import { ApiError } from '../../../sidecar/kube/api-error';
import type { KubeClient } from '../../../sidecar/kube/client';

/** An object of the API. */
export type Json = Record<string, unknown>;

/** A merge patch: https://www.rfc-editor.org/rfc/rfc7386 */
export function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const before = (target ?? {}) as Json;
  const merged = Object.entries(patch).map(([key, value]): [string, unknown] => [key, merge(before[key], value)]);
  return Object.fromEntries(
    Object.entries({ ...before, ...Object.fromEntries(merged) }).filter((entry) => entry[1] !== null),
  );
}

/** As {@link merge}; of lists of things with names, those that are named are changed. */
function mergeLists(target: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) {
    const change = (one: Json) => merge(one, (patch as Json[]).find(({ name }) => name === one.name) ?? {});
    return ((target ?? []) as Json[]).map(change);
  }
  if (typeof patch !== 'object' || patch === null) return patch;
  const before = (target ?? {}) as Json;
  const merged = Object.entries(patch).map(([key, value]): [string, unknown] => [key, mergeLists(before[key], value)]);
  return merge({ ...before, ...Object.fromEntries(merged) }, {});
}

/**
 * Objects with versions, changed by merge patches, as the API server keeps them.
 *
 * @param logs of containers, by path
 */
export function createMemoryApi(
  objects: Record<string, Json>,
  logs: Readonly<Record<string, string>> = {},
): KubeClient {
  let version = 1;
  const find = (path: string): Json => {
    const object = objects[path];
    if (!object) throw new ApiError(`GET ${path}`, 404, 'NotFound', 'not found');
    return object;
  };
  const patch = (path: string, change: object, mergeObjects: typeof merge): Promise<Json> =>
    Promise.resolve().then(() => {
      const before = find(path).metadata as Json;
      const wanted = ((change as Json).metadata ?? {}) as Json;
      for (const condition of ['resourceVersion', 'uid']) {
        if ((wanted[condition] ?? before[condition]) !== before[condition]) {
          throw new ApiError('PATCH', 409, 'Conflict', 'modified');
        }
      }
      const after = mergeObjects(find(path), change) as Json;
      // What changes nothing is not stored.
      if (isDeepStrictEqual(after, find(path))) return after;
      objects[path] = merge(after, { metadata: { resourceVersion: String(++version) } }) as Json;
      return objects[path];
    });
  return {
    get: (path) => Promise.resolve().then(() => find(path)),
    metadata: (path) => Promise.resolve().then(() => ({ metadata: find(path).metadata })),
    patch: (path, change) => patch(path, change, merge),
    patchLists: (path, change) => patch(path, change, mergeLists),
    create: (path, object) =>
      Promise.resolve().then(() => {
        const key = `${path}/${((object as Json).metadata as Json).name as string}`;
        if (objects[key]) throw new ApiError(`POST ${path}`, 409, 'AlreadyExists', 'already exists');
        objects[key] = merge(object, { metadata: { resourceVersion: String(++version) } }) as Json;
        return objects[key];
      }),
    delete: (path, options = {}) =>
      Promise.resolve().then(() => {
        const object = find(path);
        const { uid } = object.metadata as Json;
        const { preconditions } = options as { readonly preconditions?: { readonly uid: string } };
        if (preconditions && preconditions.uid !== uid) throw new ApiError('DELETE', 409, 'Conflict', 'another uid');
        Reflect.deleteProperty(objects, path);
        return object;
      }),
    text: (path) =>
      Promise.resolve().then(() => {
        const log = logs[path];
        if (log === undefined) throw new ApiError(`GET ${path}`, 400, 'BadRequest', 'no such container');
        return log;
      }),
    unknown: () => false,
    close: () => undefined,
  };
}
