import type { AgentConfig } from '../../../lib/contract/agent-config';
import { can } from '../../../lib/contract/engines';
import type { SlotAccount } from '../../view-slots';
import type { Member } from '../members';

/** How slots go from one server to another now. */
export type Way = 'by engine' | 'by key' | { readonly waitMs: number; readonly reason: string };

/** Failures after which the engine is not asked again for a while. */
const mostFailures = 3;

/** First pause after a failure; each further one doubles it. Milliseconds. */
const pauseMs = 1000;

/** How long slots go key by key before the engine is asked again. Milliseconds. */
const distrustMs = 600_000;

/** Atomically where both ends can, unless that has failed again and again. */
export function chooseWay(from: Member, to: Member, config: AgentConfig, account: SlotAccount | undefined): Way {
  if (!canMigrate(from, config) || !canMigrate(to, config)) return 'by key';
  const failures = lastFailures(to.cluster.id, account);
  const last = failures.at(-1);
  if (!last || last.quietMs > distrustMs) return 'by engine';
  if (failures.length >= mostFailures) return 'by key';
  const waitMs = pauseMs * 2 ** (failures.length - 1) - last.quietMs;
  return waitMs > 0 ? { waitMs, reason: last.reason } : 'by engine';
}

/** As the server itself says: during an upgrade not all are of the version in the configuration. */
export const canMigrate = ({ server }: Member, { engine }: AgentConfig): boolean =>
  can({ name: engine.name, version: server.version.split('.').slice(0, 2).join('.') }, 'atomicSlotMigration');

/** Migrations to a server that have failed since the last one that has not. */
function lastFailures(toId: string, account: SlotAccount | undefined) {
  const ended = (account?.migrations ?? []).filter((each) => each.toId === toId && each.state !== 'running');
  const succeeded = ended.map(({ state }) => state).lastIndexOf('done');
  return ended.slice(succeeded + 1);
}
