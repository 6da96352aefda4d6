/** Version of the package, of its manifests, and of the agent image that belongs to them: one release. */
export const version = '0.1.0';
