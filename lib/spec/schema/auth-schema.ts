import * as z from 'zod';

import { block, listOf, matching, wholeNumber } from '../fields';
import { mustUnseen } from '../problems';
import { secretFile, secretKey } from './secret-schema';

const keyForm =
  'a pattern of keys like "orders:*" or "%R~orders:*", without spaces and with no "~" of its own in front';

/** One word of an ACL rule: a space would begin another, and `>` a password. `~` is the rule's own, as in `%R~`. */
const keyPattern = matching(
  keyForm,
  /^(%([rR]|[wW]|[rR][wW]|[wW][rR])~|(?![%~<>]))[^\s\p{Cc}]+$/u,
  1024,
  mustUnseen(keyForm),
);

const channelForm = 'a pattern of channels like "news:*", without spaces and with no "&" in front';

const channelPattern = matching(channelForm, /^(?![&<>])[^\s\p{Cc}]+$/u, 1024, mustUnseen(channelForm));

const userName = matching(
  'the name of a user: letters, digits, "-", "_", "." and "@", neither "default" nor one that begins with "keyspace-"',
  /^(?!default$|keyspace-)[\w.@-]+$/,
  64,
);

const userForm = 'a user: { name, secret, keys, channels, commands }';
const grantForm = 'a command or category to grant or take away, like "+get", "-config|set" or "+@read"';

const aclUser = block(
  userForm,
  {
    name: userName,
    secret: secretKey,
    keys: listOf('patterns of keys', keyPattern, mustUnseen('a list of patterns of keys')).default([]),
    channels: listOf('patterns of channels', channelPattern, mustUnseen('a list of patterns of channels')).default([]),
    // An ACL rule like ">secret" sets a password.
    commands: listOf(
      'commands',
      matching(grantForm, /^[+-](@?[a-z][\w.|-]*)$/, 128, mustUnseen(grantForm)),
      mustUnseen('a list of commands'),
    ).default([]),
  },
  mustUnseen(userForm),
);

const rotation = block('{ overlapSeconds }', { overlapSeconds: wholeNumber(0, 30 * 86_400).default(86_400) });

const authBlock = block('{ secret, users, usersFile, deniedCommands, rotation }', {
  secret: secretKey.optional(),
  users: listOf('users', aclUser, mustUnseen('a list of users')).default([]),
  usersFile: secretFile.optional(),
  deniedCommands: listOf(
    'commands',
    matching(
      'a command like "flushall", a subcommand like "config|set" or a category like "@dangerous"',
      /^@?[a-z][\w.|-]*$/,
      128,
    ),
  ).default([]),
  rotation: rotation.prefault({}),
});

/** See {@link DatabaseProps.auth}. */
export const auth = z
  .union([z.literal('off'), authBlock], {
    // What stands here instead may be a password: not for a log.
    error: () =>
      'must be { secret: { name, key } } or "off", or left out for a password that is made in the Kubernetes cluster; "off" lets in everybody who reaches the port, so it is yours to say',
  })
  .prefault({});

/** {@link AuthProps} with its defaults. */
export type AuthFields = z.output<typeof authBlock>;
