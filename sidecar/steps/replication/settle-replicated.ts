import type { DatabaseView } from '../../view';
import { wait, type DatabaseStep } from '../step';
import { copiesFrom, inOffice, nodeOf, running } from './copies';
import { newestRecord } from './newest-record';

/** Says what is still to come: each agent does it to its own node, and an empty plan means a complete database. */
export const settleReplicated: DatabaseStep = (view) => {
  const why = whyIncomplete(view);
  return why === undefined ? [] : wait(why);
};

function whyIncomplete(view: DatabaseView): string | undefined {
  const record = newestRecord(view);
  const primary = record && nodeOf(view, record.primary);
  if (!primary) return 'nobody is primary yet';
  const server = running(primary.server);
  if (server?.role !== 'primary') return `${primary.name} is to be the primary, and is not yet`;
  if (!inOffice(server)) return `${primary.name} takes no writes yet`;
  if (server.copy.source?.up === false) return `${primary.name} has no link to ${record.source ?? 'its source'}`;
  for (const node of view.nodes.filter((one) => one !== primary && one.fenced === undefined)) {
    const copy = running(node.server);
    if (!copy) return `${node.name} does not answer`;
    if (copy.role === 'primary' || !copiesFrom(copy, primary))
      return `${node.name} does not follow ${primary.name} yet`;
    if (!copy.linkUp) return `${node.name} is copying the data of ${primary.name}`;
    if (!record.inSync.includes(node.name)) return `${node.name} is not noted as a copy of ${primary.name} yet`;
  }
  return undefined;
}
