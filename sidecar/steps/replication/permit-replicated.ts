import type { AgentConfig } from '../../../lib/contract/agent-config';
import type { StartRole } from '../../action';
import type { NodeView, OwnView, PrimaryRecord } from '../../view';
import { gateHost, sourceName } from '../../view-source';
import { wait, type NodeStep } from '../step';
import { patienceMs } from '../takeover';
import { mayHaveData, namesOf, nodeOf, others, placeOf, wasEverLinked } from './copies';

/**
 * Decides whether the own server may start, and as what. Everybody starts as a replica of the record's primary. The primary itself, which
 * may come back with older data, or none, waits for a replica to take over first; and without data it never starts while anybody has some.
 */
export const permitReplicated: NodeStep = (view, config) => {
  const { name, start } = view;
  if (view.server.state !== 'absent' || view.permitted || start === undefined) return [];
  const verdict = judge(view, config);
  if (typeof verdict === 'string') return wait(`held: ${verdict}`);
  return [{ do: 'permit', node: name, start, ...verdict }];
};

/** As what it may start, or why it may not. */
type Verdict = { readonly role: StartRole; readonly why: string } | string;

function judge(view: OwnView, config: AgentConfig): Verdict {
  const { accounts, database, primacy } = view;
  if (accounts.state === 'unclear') return accounts.reason;
  if (!database) return 'the other nodes have not been looked at yet';
  const record = primacy?.record;
  if (!record) return 'who is primary is not known: the record has not been read yet';
  if (record.epoch === 0) return 'nobody is primary yet';
  if (record.primary === view.name) return towardSource(judgePrimary(view, record, config), view, config);
  const primary = nodeOf(database, record.primary);
  const at = primary && placeOf(primary);
  if (!at) return `${record.primary} is the primary, and has no address`;
  return { role: { follow: at }, why: `it follows ${record.primary}` };
}

/** A primary that copies a source starts as its replica: it is never one that could be written to. */
function towardSource(verdict: Verdict, { primacy, source }: OwnView, { replicaOf }: AgentConfig): Verdict {
  if (typeof verdict === 'string' || !replicaOf || primacy?.record?.source === undefined) return verdict;
  if (!source) return `the way to ${sourceName(replicaOf)} is not open yet`;
  return { role: { follow: { ip: gateHost, client: source.port } }, why: `${verdict.why}, and follows ${source.name}` };
}

function judgePrimary(view: OwnView, { inSync }: PrimaryRecord, config: AgentConfig): Verdict {
  const { disk, heldMs, primacy } = view;
  const mates = others(view.database!, view.name);
  if (!disk.hasData || config.persistence === 'off') {
    const owners = mates.filter((mate) => mayHaveData(mate, config));
    if (owners.length > 0) return `it was primary and has no data, and ${namesOf(owners)} may have it`;
    return { role: 'primary', why: 'it is the primary, and nobody has any data' };
  }
  const boundMs = patienceMs(config);
  if (heldMs >= boundMs) return { role: 'primary', why: `nobody took over within ${boundMs} ms, and it has data` };
  const heirs = mates.filter((mate) => inSync.includes(mate.name) && mayTakeOver(mate));
  if (heirs.length > 0) return `${namesOf(heirs)} may take over`;
  if (!primacy?.fresh) return 'the record of who is primary cannot be read';
  return { role: 'primary', why: 'it is the primary, and no other node can take over' };
}

/** A node that is held or starts has lost what its memory had beyond its volume. */
const mayTakeOver = ({ server, agent, ending }: NodeView): boolean =>
  server.state === 'up'
    ? wasEverLinked(server) && server.copy?.priority !== 0
    : agent
      ? agent.server !== 'held'
      : !ending;
