import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { Action } from '../../action';
import type { DatabaseView, Role } from '../../view';
import { linkTo, mates, serves, type Mate } from './mates';
import type { DatabaseStep } from '../step';

/**
 * Keeps the label `primary` on exactly one pod, to which the Service of the writers leads, and `replica` on all others. It stays where
 * it is as long as that node serves; the node that the spec prefers gets it once that has everything the present one has.
 */
export const writer: DatabaseStep = (view, config) => {
  const roles = view.mesh?.roles;
  if (!roles) return [];
  const chosen = choose(view, config, roles);
  if (chosen === undefined) return [];
  // First the new one: in between there are two, not none.
  if (roles[chosen] !== 'primary') return [{ do: 'label', node: chosen, role: 'primary' }];
  return othersThan(chosen, view, roles).map((node): Action => ({ do: 'label', node, role: 'replica' }));
};

/** Pods that wear another label than they should; a pod that is not there wears none, and can be given none. */
function othersThan(chosen: string, { nodes }: DatabaseView, roles: Readonly<Record<string, Role>>): string[] {
  const there = nodes.filter(({ name, server }) => roles[name] !== undefined || server.state === 'up');
  return there.map(({ name }) => name).filter((name) => name !== chosen && roles[name] !== 'replica');
}

function choose(view: DatabaseView, config: AgentConfig, roles: Readonly<Record<string, Role>>): string | undefined {
  const fit = mates(view).filter(serves);
  const present = nodeOf('primary', view, roles).find((name) => isKept(name, view, config, fit));
  const preferred = fit.find(({ name }) => name === config.primaries?.[0]);
  if (preferred && hasAllOf(preferred, present, fit)) return preferred.name;
  return present ?? fit[0]?.name;
}

const nodeOf = (role: Role, { nodes }: DatabaseView, roles: Readonly<Record<string, Role>>): string[] =>
  nodes.map(({ name }) => name).filter((name) => roles[name] === role);

/**
 * A node that does not answer for a moment is not gone; one whose agent says that its server does not run is. When it answers again, its
 * agent may have still to find that out.
 */
function isKept(name: string, view: DatabaseView, { nodeTimeoutMs }: AgentConfig, fit: readonly Mate[]): boolean {
  if (fit.some((mate) => mate.name === name)) return true;
  const node = view.nodes.find((one) => one.name === name);
  if (!node?.address || node.ending || node.agent?.server === 'held' || node.agent?.server === 'loading') return false;
  const silentMs = view.mesh?.silentMs[name];
  if (silentMs !== undefined) return silentMs < nodeTimeoutMs;
  return node.agent === undefined || node.agent.server === 'unknown';
}

/** Everything that the present one had produced when it was looked at; offsets count its stream. */
function hasAllOf(preferred: Mate, present: string | undefined, fit: readonly Mate[]): boolean {
  const source = fit.find(({ name }) => name === present);
  if (!source || source.name === preferred.name) return true;
  const link = linkTo(preferred.server, source.address);
  return link?.up === true && source.server.offset - link.offset <= nearlyBytes;
}

/** Both are looked at at the same time, not at the same moment: so much may be on its way. */
const nearlyBytes = 64 * 1024;
