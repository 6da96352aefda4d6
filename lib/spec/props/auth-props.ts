import type { SecretFileProps, SecretKeyProps } from './secret-props';

/** Clients, agents and replicas prove who they are. */
export interface AuthProps {
  /**
   * Where the password of the user `default` is.
   *
   * @default - made once, in the Kubernetes cluster, and kept in the Secret `<name>-auth` under `password`; it is never in Git
   */
  readonly secret?: SecretKeyProps;

  /**
   * Further users.
   *
   * @default - none
   */
  readonly users?: readonly AclUserProps[];

  /**
   * An ACL file of the engine, with further users as `ACL SAVE` writes them. Users of this library cannot be in it; `default` can.
   *
   * @default - none
   */
  readonly usersFile?: SecretFileProps;

  /**
   * Commands that neither the user `default` nor those of `users` may run: names (`flushall`), subcommands
   * (`config|set`) or categories (`@dangerous`). Agents keep every command they need.
   *
   * @default - none
   */
  readonly deniedCommands?: readonly string[];

  /**
   * How a changed password takes the place of the old one.
   *
   * @default - both work for a day
   */
  readonly rotation?: RotationProps;
}

/** A user of the engine: https://valkey.io/topics/acl/ */
export interface AclUserProps {
  /** Name of the user. `default`, and names that begin with `keyspace-`, are taken. */
  readonly name: string;

  /** Where the user's password is. */
  readonly secret: SecretKeyProps;

  /**
   * Patterns of the keys that the user may touch: `orders:*`, or `%R~orders:*` to read only.
   *
   * @default - none
   */
  readonly keys?: readonly string[];

  /**
   * Patterns of the channels that the user may publish to and listen on.
   *
   * @default - none
   */
  readonly channels?: readonly string[];

  /**
   * Commands that the user may run, in the order in which they are granted and taken away: `+@read`, `-keys`.
   *
   * @default - none
   */
  readonly commands?: readonly string[];
}

/** A change of passwords without a moment in which a client is turned away. */
export interface RotationProps {
  /**
   * Seconds for which the old password goes on working. Minimum: 0. Maximum: 2592000, which is 30 days.
   *
   * @default 86400
   */
  readonly overlapSeconds?: number;
}
