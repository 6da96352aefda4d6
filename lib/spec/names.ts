import { objectNames } from '../contract/names';
import { label, serviceName } from './fields';
import { problemsOf, quote } from './problems';
import type { SpecProblem } from './spec-error';

/** Kubernetes adds an 11-character hash to a StatefulSet's name in a label of at most 63. */
const longestStatefulSet = 52;

const longestService = 63;

/** Longest name in the DNS, and longest host name an engine announces. */
const longestHost = 253;

/** What tells the shards of a database apart: `shard-0`. */
export const shardName = (index: number): string => `shard-${index}`;

/** Where a node answers, wherever its pod runs. */
export const hostName = (node: string, database: string, namespace: string, clusterDomain: string): string =>
  `${node}.${objectNames(database).headlessService}.${namespace}.svc.${clusterDomain}`;

/** What is wrong with the name of a database, given its longest shard name. */
export function nameProblems(name: unknown, shard: string): SpecProblem[] {
  const parsed = serviceName('a name').safeParse(name, { reportInput: true });
  if (!parsed.success) return problemsOf(parsed.error.issues, ['metadata', 'name']);
  const names = objectNames(parsed.data);
  const made = [
    { kind: 'StatefulSet', name: names.statefulSet(shard), longest: longestStatefulSet },
    { kind: 'Service', name: names.headlessService, longest: longestService },
  ];
  const room = Math.min(...made.map((one) => one.longest - (one.name.length - parsed.data.length)));
  if (parsed.data.length <= room) return [];
  const [worst] = made.filter((one) => one.name.length > one.longest);
  const why = worst ? `; its ${worst.kind} "${worst.name}" may have ${worst.longest}` : '';
  const message = `must have at most ${room} characters, got ${quote(name)} with ${parsed.data.length}${why}`;
  return [{ path: ['metadata', 'name'], message }];
}

/** What is wrong with the namespace of a database. */
export function namespaceProblems(namespace: unknown): SpecProblem[] {
  const parsed = label('a namespace').safeParse(namespace, { reportInput: true });
  return parsed.success ? [] : problemsOf(parsed.error.issues, ['metadata', 'namespace']);
}

/** What is wrong with the domain that ends every host name; `longest` is the longest of them. */
export function hostProblems(longest: string): SpecProblem[] {
  if (longest.length <= longestHost) return [];
  const message = `must leave host names at most ${longestHost} characters, got ${longest.length} in ${quote(longest)}`;
  return [{ path: ['clusterDomain'], message }];
}
