import type { SoundFields } from '../kinds';
import type { SpecProblem } from '../spec-error';

/**
 * A ConfigMap holds 1 MiB. The longest names of the most nodes take 0.6 MiB of what agents are told, so users may take a
 * quarter; directives have a ConfigMap with little else.
 */
const mostBytes = 2 ** 18;

/** Kubernetes lets an object have 256 KiB of annotations; some are the library's own. */
const mostAnnotations = 2 ** 18 - 2 ** 13;

/** What a user takes beside rules: the name of the field, of the file of the password, quotes. */
const bytesPerUser = 200;

/** Fields that go into objects as they are, and are too large for them. */
export function textProblems({ auth, directives = {}, annotations = {} }: SoundFields): SpecProblem[] {
  const users = auth === undefined || auth === 'off' ? [] : auth.users;
  const denied = auth === undefined || auth === 'off' ? [] : auth.deniedCommands;
  const bytes = users.reduce((sum, user) => sum + bytesOf(user) + bytesPerUser, bytesOf(denied));
  return [
    ...tooMuch(
      ['auth', 'users'],
      bytes,
      mostBytes,
      'agents are told of all users in one ConfigMap; have more of them in "usersFile"',
    ),
    ...tooMuch(['directives'], bytesOf(directives), mostBytes, 'servers read all directives from one ConfigMap'),
    ...tooMuch(['annotations'], bytesOf(annotations), mostAnnotations, 'Kubernetes lets no object have more'),
  ];
}

/** In UTF-8, in which a character takes up to four. */
const bytesOf = (value: unknown): number => JSON.stringify(value).replace(/[\u0080-\uffff]/g, 'uuu').length;

const tooMuch = (path: SpecProblem['path'], bytes: number, most: number, why: string): SpecProblem[] =>
  bytes <= most ? [] : [{ path, message: `must take at most ${most} bytes, got ${bytes}; ${why}` }];
