import { hasStatus } from './api-error';
import type { KubeClient } from './client';

/** @returns undefined where there is no such object */
export const find = (client: Pick<KubeClient, 'get'>, path: string): Promise<unknown> =>
  client.get(path).catch((error: unknown) => {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  });
