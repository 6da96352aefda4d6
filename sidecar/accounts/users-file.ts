import { hashOf, type Account } from './account';

/** Longest users file: it is kept in memory with what else lies in `/run`. Bytes. */
const longestFile = 256 * 1024;

/** https://valkey.io/topics/acl/#acl-rules, with the databases of Valkey 9.1. */
const ruleForms = [
  /^(on|off|nopass|resetpass|reset|clearselectors|(skip-)?sanitize-payload)$/i,
  /^(all|reset)(keys|channels|dbs)$|^(all|no)commands$|^db=[\d,]+$/i,
  /^[><]./,
  /^[#!][\da-f]{64}$/,
  /^(~|%(r|w|rw|wr)~|&)./i,
  /^[+-]@?[a-z\d][\w.|-]*$/i,
];

/** What a users file has to agree with. */
export interface UsersFileContext {
  /** Names of `auth.users`. */
  readonly taken: readonly string[];
  /** Whether the engine takes a rule about a command, subcommand or category: `-config|set`. */
  readonly takes: (rule: string) => boolean;
}

/**
 * Reads a file of further users, as the engine would. Passwords in it become hashes. One that names `default` decides about that user.
 *
 * @throws Error that names the line, and nothing that may be a password
 */
export function parseUsersFile(text: string, { taken, takes }: UsersFileContext): Account[] {
  if (Buffer.byteLength(text) > longestFile) throw new Error(`the users file must have at most ${longestFile} bytes`);
  const lines = new Map<string, number>();
  return text.split('\n').flatMap((line, index): Account[] => {
    const words = line.trim().split(/ +/);
    if (words[0] === '') return [];
    const number = index + 1;
    const wrong = (problem: string) => new Error(`line ${number} of the users file ${problem}`);
    const account = parseLine(words, wrong);
    const problem = nameProblem(account.name, taken, lines.get(account.name)) ?? commandProblem(account.rules, takes);
    if (problem !== undefined) throw wrong(problem);
    lines.set(account.name, number);
    return [account];
  });
}

function parseLine([keyword, name, ...rules]: readonly string[], wrong: (problem: string) => Error): Account {
  if (keyword !== 'user' || name === undefined) throw wrong('must be "user NAME RULE..."; it has no comments');
  // What begins like a rule is one, and its name was forgotten; it may be a password.
  if (!/^[\p{L}\p{N}_.@:/][\p{L}\p{N}_.@:/-]*$/u.test(name)) throw wrong('must name a user after "user"');
  const unknown = rules.findIndex((rule) => !isRule(rule));
  if (unknown >= 0) throw wrong(`has something that is no rule of the engine: ${nthRule(unknown)}`);
  return { name, rules: rules.map(withoutPassword) };
}

/** A rule is named by its place, because it may be a part of a password. */
const nthRule = (index: number): string => `word ${index + 3}`;

/** Selectors stand in parentheses: `(+get ~public:*)`. */
const inSelector = (word: string): string => word.replace(/^\(|\)$/g, '');

function commandProblem(rules: readonly string[], takes: UsersFileContext['takes']): string | undefined {
  const unknown = rules.map(inSelector).findIndex((rule) => /^[+-]/.test(rule) && !takes(rule.toLowerCase()));
  return unknown < 0 ? undefined : `has a rule about a command that the engine does not know: ${nthRule(unknown)}`;
}

function isRule(word: string): boolean {
  const rule = inSelector(word);
  return ruleForms.some((form) => form.test(rule)) || (rule === '' && word !== '');
}

function withoutPassword(rule: string): string {
  if (rule.startsWith('>')) return `#${hashOf(rule.slice(1))}`;
  return rule.startsWith('<') ? `!${hashOf(rule.slice(1))}` : rule;
}

function nameProblem(name: string, taken: readonly string[], earlier: number | undefined): string | undefined {
  if (/^(keyspace-|replication@|migration@|sentinel@)/.test(name)) {
    return `must not name "${name}": names that begin with "keyspace-", "replication@", "migration@" or "sentinel@" are the library's`;
  }
  if (taken.includes(name)) return `must not name "${name}", who is in "auth.users"`;
  return earlier === undefined ? undefined : `must not name "${name}" again, who is in line ${earlier}`;
}
