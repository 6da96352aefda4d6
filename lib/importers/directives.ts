import type { Engine } from '../contract/engines';
import { evictionPolicies } from '../spec/eviction-policies';
import { directiveProblems, whyReserved } from '../spec/rules/directives';
import { knowsDirective } from '../spec/known-directives';
import { notImported, set, type Effect } from './effect';
import { parseSave } from './snapshots';
import { becomes, offUnless, type Given, type Rule, type Table } from './table';
import { flag, memory, wholeNumber, word } from './values';

/** Policies of a full server, as the engines name them. */
export const evictionPolicy = word(...evictionPolicies);

const keepsFile = (given: Given): boolean => {
  const beside = [...given.path.slice(0, -1), 'appendonly'].join('.');
  return flag.read(given.source.at(beside) ?? true) ?? true;
};

/** Directives with a field of their own. */
const ownField: Table = {
  appendonly: offUnless('persistence.appendOnly'),
  appendfsync: (given) =>
    keepsFile(given)
      ? becomes('persistence.appendOnly.fsync', word('always', 'everysec', 'no'))(given)
      : [notImported('there is no append-only file')],
  save: ({ value }) => {
    const rules = parseSave(String(value));
    return rules ? [set('persistence.snapshots', rules)] : [notImported('must be seconds and changes, like "900 1"')];
  },
  'min-replicas-to-write': becomes('minReplicasToWrite', wholeNumber),
  'min-slaves-to-write': becomes('minReplicasToWrite', wholeNumber),
  'min-replicas-max-lag': becomes('minReplicasMaxLagSeconds', wholeNumber),
  'min-slaves-max-lag': becomes('minReplicasMaxLagSeconds', wholeNumber),
  loadmodule: ({ value }) => {
    const [path = '', ...words] = String(value).trim().split(/\s+/);
    return [set('modules', [{ path, ...(words.length === 0 ? {} : { arguments: words }) }])];
  },
  maxmemory: becomes('maxMemory', memory),
  'maxmemory-policy': becomes('maxMemoryPolicy', evictionPolicy),
  'cluster-node-timeout': becomes('nodeTimeoutMs', wholeNumber),
};

/** Directives that hold a secret in clear, those of later versions and modules too. */
const secret = /pass|auth|secret|token|credential|^(masteruser|primaryuser|user|sentinel)$/;

/**
 * A map of directives, as the engine's configuration file has them.
 *
 * @param engineOf what the document runs; undefined where that is not sound
 */
export const directive =
  (engineOf: (given: Given) => Engine | undefined): Rule =>
  (given) => {
    const name = String(given.steps[0]).trim().toLowerCase();
    const own = Object.hasOwn(ownField, name) ? ownField[name] : undefined;
    return own ? own({ ...given, steps: [] }) : freeDirective(name, String(given.value), engineOf(given));
  };

/** No message says the value: it may be a password. */
function freeDirective(name: string, value: string, engine: Engine | undefined): Effect[] {
  if (secret.test(name)) {
    return [notImported('it is a secret in clear: put it into a Secret, and name that in "auth" or "tls"')];
  }
  const reserved = whyReserved(name);
  if (reserved !== undefined) return [notImported(reserved)];
  const written = value.trim() === '' ? '""' : value;
  if (directiveProblems({ [name]: written }, undefined).length > 0) {
    return [notImported('must be a name and one line of text with its quotes closed')];
  }
  if (engine && !knowsDirective(engine, name)) {
    return [notImported(`${engine.name} ${engine.version} has no such directive`)];
  }
  return [set(['directives', name], written)];
}
