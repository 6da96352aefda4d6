import { version } from '../contract/version';

/** Context key of a construct tree: the agent's image for every database in it that names none. */
export const agentImageContext = 'cdk8s-keyspace/agentImage';

/** The agent's image where neither the spec nor the context names one. */
export const defaultAgentImage = `cdk8s-keyspace/agent:${version}`;
