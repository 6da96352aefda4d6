/** Versions of the mounted ConfigMaps, those of agents and servers in one. */
export interface ConfigurationView {
  /** As Kubernetes has them. */
  readonly version: string;
  /** What the pods were last told of; absent before the first time. */
  readonly told?: string;
}
