import { engines, type Engine } from '../../contract/engines';
import { alternatives } from '../fields';
import { topologies, type Kind, type SoundFields } from '../kinds';
import { quote } from '../problems';
import type { SpecProblem } from '../spec-error';
import { accessProblems } from './access';
import { backupProblems } from './backup';
import { directiveProblems } from './directives';
import { clusterTlsProblems, defaultVersions, imageProblems, versionProblems } from './engine';
import { externalAccessProblems } from './external-access';
import { memoryProblems } from './memory';
import { networkProblems } from './network';
import { peerProblems } from './peers';
import { persistenceProblems } from './persistence';
import { replicationProblems } from './replication';
import { resolveResources, resolveServerResources, resourceProblems } from './resources';
import { schedulingProblems } from './scheduling';
import { textProblems } from './sizes';

/** What one field cannot know of another. */
export function agreementProblems(kind: Kind, fields: SoundFields): SpecProblem[] {
  const { engine: name, directives = {}, modules = [] } = fields;
  const version = name && 'version' in fields ? (fields.version ?? defaultVersions[name]) : undefined;
  const badVersion = name && version ? versionProblems(name, version) : [];
  const engine = name && version && badVersion.length === 0 ? { name, version } : undefined;
  return [
    ...badVersion,
    ...(engine ? engineProblems(kind, fields, engine) : []),
    ...amountProblems(fields),
    ...directiveProblems(directives, modules.length > 0 ? undefined : engine),
    ...persistenceProblems(fields),
    ...schedulingProblems(fields),
    ...replicationProblems(kind, fields),
    ...accessProblems(fields, engine),
    ...externalAccessProblems(kind, fields, engine),
    ...networkProblems(fields),
    ...peerProblems(fields),
    ...backupProblems(fields),
    ...textProblems(fields),
  ];
}

/** What hangs on the engine; without a sound one nobody can tell. */
function engineProblems(kind: Kind, { image, tls }: SoundFields, engine: Engine): SpecProblem[] {
  const { topologies: has } = engines[engine.name];
  const message = `must have the topology "${topologies[kind]}", got ${quote(engine.name)}, which has ${alternatives(has)}`;
  return [
    ...(has.includes(topologies[kind]) ? [] : [{ path: ['engine'], message }]),
    ...(image === undefined ? [] : imageProblems(image, engine)),
    ...(kind !== 'Cluster' || tls === undefined || tls === 'off' ? [] : clusterTlsProblems(engine)),
  ];
}

function amountProblems({ resources, maxMemory, agent, sentinels, monitoring }: SoundFields): SpecProblem[] {
  const server = resources && resolveServerResources(resources);
  const exporter = monitoring?.exporter?.resources;
  return [
    ...(server ? resourceProblems(server, ['resources']) : []),
    ...(server ? memoryProblems(server.limits.memory, maxMemory) : []),
    ...(agent ? resourceProblems(resolveResources(agent.resources), ['agent', 'resources']) : []),
    ...(sentinels ? resourceProblems(resolveResources(sentinels.resources), ['sentinels', 'resources']) : []),
    ...(exporter ? resourceProblems(resolveResources(exporter), ['monitoring', 'exporter', 'resources']) : []),
  ];
}
