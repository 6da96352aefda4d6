export { Cluster } from './topologies/cluster';
export type { ClusterProps, MaxMemoryPolicy } from './spec/cluster-props';
export type {
  AgentProps,
  AmountProps,
  PasswordAuthProps,
  PersistenceProps,
  ResourcesProps,
  SchedulingProps,
  SecretKeyProps,
  SecretProps,
  TlsProps,
  TolerationProps,
} from './spec/shared-props';
export { SpecError, type SpecProblem } from './spec/spec-error';
