/** What a user may touch and run. */
export interface AclUser {
  readonly keys: readonly string[];
  readonly channels: readonly string[];
  readonly commands: readonly string[];
}

/** The rules of a user, in the engine's own words and without its password: https://valkey.io/topics/acl/ */
export const aclRules = ({ keys, channels, commands }: AclUser): string[] => [
  ...keys.map((pattern) => (pattern.startsWith('%') ? pattern : `~${pattern}`)),
  ...channels.map((pattern) => `&${pattern}`),
  ...commands,
];
