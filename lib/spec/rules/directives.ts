import type { Engine } from '../../contract/engines';
import { directiveSince, knowsDirective } from '../known-directives';
import { quote, wrong } from '../problems';
import type { SpecProblem } from '../spec-error';

/** Why a directive is not for `directives`: the library decides it, or everything the agent does rests on it. */
const reserved: readonly { readonly names: RegExp; readonly instead: string }[] = [
  {
    names: /^(bind|port|tcp-port|protected-mode|unixsocket|unixsocketperm)$/,
    instead: 'the Services and probes rely on it',
  },
  { names: /^tls-/, instead: 'use "tls"' },
  {
    names: /^(requirepass|masterauth|masteruser|primaryauth|primaryuser|aclfile|user|acl-pubsub-default)$/,
    instead: 'use "auth"',
  },
  { names: /^(maxmemory)$/, instead: 'use "maxMemory"' },
  { names: /^maxmemory-policy$/, instead: 'use "maxMemoryPolicy"' },
  { names: /^cluster-node-timeout$/, instead: 'use "nodeTimeoutMs"' },
  {
    names: /^(appendonly|appendfsync|appendfilename|appenddirname|save|dbfilename|dir)$/,
    instead: 'use "persistence"',
  },
  { names: /^loadmodule$/, instead: 'use "modules"' },
  { names: /^min-(replicas|slaves)-to-write$/, instead: 'use "minReplicasToWrite"' },
  { names: /^min-(replicas|slaves)-max-lag$/, instead: 'use "minReplicasMaxLagSeconds"' },
  { names: /^(active-replica|multi-master)$/, instead: 'use the kind "MultiMaster"' },
  {
    names: /^(storage-provider|storage-provider-options|db-s3-object|scratch-file-path|version-override)$/,
    instead: 'data is kept in memory and on the volume',
  },
  {
    names: /^cluster-(enabled|config-file|port|preferred-endpoint-type|allow-replica-migration|migration-barrier)$/,
    instead: 'the agent decides it',
  },
  { names: /^(cluster|replica|slave)-announce(d$|-)/, instead: 'the agent announces every node' },
  {
    names: /^(replicaof|slaveof|cluster-(replica|slave)-no-failover|(replica|slave)-priority)$/,
    instead: 'the agent decides who is primary',
  },
  { names: /^repl-ping-(replica|slave)-period$/, instead: 'the agents tell by it whether a link is silent' },
  { names: /^shutdown-on-sig(term|int)$/, instead: 'the agent hands a primary over before its pod ends' },
  { names: /^rename-command$/, instead: 'the agent needs every command under its own name' },
  { names: /^(include|daemonize|supervised|pidfile|logfile|syslog-enabled)$/, instead: 'the pod decides it' },
];

/** Why the library keeps a directive for itself; undefined where it is free. */
export const whyReserved = (name: string): string | undefined =>
  reserved.find(({ names }) => names.test(name))?.instead;

/** Free directives, as a spec writes them. */
export type Directives = Readonly<Record<string, string | number>>;

/**
 * What is wrong with free directives.
 *
 * @param engine whose names are known; undefined where the spec's own is not sound, and where a module brings names of its own
 */
export function directiveProblems(directives: Directives, engine: Engine | undefined): SpecProblem[] {
  return Object.entries(directives).flatMap(([name, value]) => {
    const message = nameProblem(name) ?? (engine && unknownProblem(name, engine)) ?? valueProblem(value);
    return message === undefined ? [] : [{ path: ['directives', name], message }];
  });
}

function nameProblem(name: string): string | undefined {
  if (!/^[a-z][\w.-]*$/.test(name)) {
    return 'must be the name of a directive: lower-case letters, digits, "-", "_" and ".", a letter first';
  }
  const instead = whyReserved(name);
  return instead === undefined ? undefined : `cannot be set here; ${instead}`;
}

function unknownProblem(directive: string, engine: Engine): string | undefined {
  if (knowsDirective(engine, directive)) return undefined;
  const since = directiveSince(engine.name, directive);
  const has = since === undefined ? 'no version of it has' : `it came with ${engine.name} ${since}`;
  return `must be a directive of ${engine.name} ${engine.version}; ${has}`;
}

function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string' && !Number.isFinite(value)) {
    return wrong('text in quotes or a number, "yes" or "no" for a switch', value);
  }
  const text = String(value);
  // What follows may be another directive, and a password.
  if (/\p{Cc}/u.test(text)) return 'must be one line without control characters';
  if (text.trim() === '') return `must not be empty, got ${quote(value)}; an empty value is written '""'`;
  return splitsIntoWords(text) ? undefined : `must close every quote it opens, got ${quote(value)}`;
}

/** As the engine's parser does it (`sdssplitargs`): a closing quote ends its word. */
const splitsIntoWords = (text: string): boolean =>
  /^\s*(?:(?:[^\s"']+|"(?:[^"\\]|\\.)*"(?!\S)|'(?:[^'\\]|\\.)*'(?!\S))\s*)+$/.test(text);
