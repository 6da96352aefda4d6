/** A Secret in the database's namespace. Its content is never read while manifests are made. */
export interface SecretProps {
  /** Name of the Secret. */
  readonly name: string;
}

/** One value of a Secret in the database's namespace. */
export interface SecretKeyProps {
  /** Name of the Secret. */
  readonly name: string;

  /**
   * Key of the value in the Secret.
   *
   * @default password
   */
  readonly key?: string;
}

/** One file of a Secret in the database's namespace. */
export interface SecretFileProps {
  /** Name of the Secret. */
  readonly name: string;

  /**
   * Key of the file in the Secret.
   *
   * @default users.acl
   */
  readonly key?: string;
}
