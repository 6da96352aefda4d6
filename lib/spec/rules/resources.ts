import { quote } from '../problems';
import { parseQuantity } from '../quantity';
import type { ResourcesProps } from '../props/resources-props';
import type { SpecProblem } from '../spec-error';

/** Every amount decided; a cpu limit only where the spec asks for one. */
export interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** The documented defaults of {@link ResourcesProps}. */
export const defaultResources = {
  server: { cpu: '100m', memory: '512Mi', memoryLimit: '512Mi' },
  other: { cpu: '20m', memory: '64Mi', memoryLimit: '128Mi' },
} as const;

/** Fills in what the spec leaves open. A server reserves all the memory it may use, so that it is never the one evicted. */
export function resolveServerResources({ requests = {}, limits = {} }: ResourcesProps): Resources {
  const defaults = defaultResources.server;
  const memoryLimit = limits.memory ?? requests.memory ?? defaults.memoryLimit;
  return {
    requests: { cpu: requests.cpu ?? cheaper(defaults.cpu, limits.cpu), memory: requests.memory ?? memoryLimit },
    limits: { ...(limits.cpu === undefined ? {} : { cpu: limits.cpu }), memory: memoryLimit },
  };
}

/** As {@link resolveServerResources}, for whatever stands beside a server: its limit is a bound, not what it needs. */
export function resolveResources({ requests = {}, limits = {} }: ResourcesProps): Resources {
  const defaults = defaultResources.other;
  const memoryLimit = limits.memory ?? larger(defaults.memoryLimit, requests.memory);
  return {
    requests: {
      cpu: requests.cpu ?? cheaper(defaults.cpu, limits.cpu),
      memory: requests.memory ?? cheaper(defaults.memory, memoryLimit),
    },
    limits: { ...(limits.cpu === undefined ? {} : { cpu: limits.cpu }), memory: memoryLimit },
  };
}

const amount = (quantity: string): number => parseQuantity(quantity) ?? 0;
const cheaper = (a: string, b = a): string => (amount(b) < amount(a) ? b : a);
const larger = (a: string, b = a): string => (amount(b) > amount(a) ? b : a);

/** Requests above their limit, which Kubernetes refuses. */
export function resourceProblems({ requests, limits }: Resources, path: SpecProblem['path']): SpecProblem[] {
  return (['cpu', 'memory'] as const).flatMap((kind): SpecProblem[] => {
    const limit = limits[kind];
    if (limit === undefined || amount(requests[kind]) <= amount(limit)) return [];
    const message = `must be at most the limit ${quote(limit)}, got ${quote(requests[kind])}`;
    return [{ path: [...path, 'requests', kind], message }];
  });
}
