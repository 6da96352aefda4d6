import { objectNames } from '../../contract/names';
import { label, serviceName } from '../fields';
import type { Kind, SoundFields } from '../kinds';
import { layOut } from '../layout';
import { problemsOf, quote } from '../problems';
import type { SpecProblem } from '../spec-error';

/** Kubernetes adds an 11-character hash to the name of a StatefulSet, and of a CronJob, in a label of at most 63. */
const longestWorkload = 52;

const longestService = 63;

/** Longest name in the DNS, and longest host name an engine announces. */
const longestHost = 253;

/** Every ConfigMap may hold 1 MiB, and the status document says some 600 bytes of each node. */
const mostNodes = 1500;

interface MadeName {
  readonly kind: string;
  readonly name: string;
  readonly longest: number;
}

/** The longest names of each sort that a database gives to objects. */
function longestNames(kind: Kind, fields: SoundFields, database: string): MadeName[] {
  const names = objectNames(database);
  const last = layOut(kind, fields, { name: database, namespace: '', clusterDomain: '' }).at(-1)!;
  const lastNode = last.nodes.at(-1)!.name;
  const service = (name: string): MadeName => ({ kind: 'Service', name, longest: longestService });
  const workload = (what: string, name: string): MadeName => ({ kind: what, name, longest: longestWorkload });
  return [
    workload('StatefulSet', names.statefulSet(last.name)),
    service(names.headlessService),
    ...(kind === 'Sentinel'
      ? [workload('StatefulSet', names.sentinelSet), service(names.sentinelHeadlessService), service(lastNode)]
      : []),
    ...(fields.externalAccess ? [service(names.externalService(lastNode))] : []),
    ...(fields.backup?.schedules ?? []).map(({ name }) => workload('CronJob', names.backupSchedule(name))),
    ...(fields.backup?.verification ? [workload('CronJob', names.backupVerification)] : []),
  ];
}

/** What is wrong with the name of a database, given what it makes. */
export function nameProblems(name: unknown, kind: Kind, fields: SoundFields): SpecProblem[] {
  const parsed = serviceName('a name').safeParse(name, { reportInput: true });
  if (!parsed.success) return problemsOf(parsed.error.issues, ['metadata', 'name']);
  const made = longestNames(kind, fields, parsed.data);
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

/** What is wrong with the domain that ends every host name. */
export function hostProblems(hosts: readonly string[]): SpecProblem[] {
  const longest = hosts.reduce((a, b) => (b.length > a.length ? b : a), '');
  if (longest.length <= longestHost) return [];
  const message = `must leave host names at most ${longestHost} characters, got ${longest.length} in ${quote(longest)}`;
  return [{ path: ['clusterDomain'], message }];
}

/** More nodes than the agents could tell about. */
export function sizeProblems(fields: SoundFields): SpecProblem[] {
  const { shards, replicasPerShard } = fields;
  if (shards === undefined || replicasPerShard === undefined) return [];
  const nodes = shards * (1 + replicasPerShard);
  if (nodes <= mostNodes) return [];
  const message = `must make at most ${mostNodes} nodes with "replicasPerShard", got ${nodes}; the status of all of them has to fit into one ConfigMap`;
  return [{ path: ['shards'], message }];
}
