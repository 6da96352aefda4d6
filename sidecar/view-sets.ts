/** What the agent knows of StatefulSets and their pods, as plain data. */

/** Something that a node does not do, by the name of the check, and how that shows. */
export interface Trouble {
  readonly check: string;
  readonly says: string;
}

/** The agent's container of a pod. */
export interface AgentContainerView {
  /** What the pod asks for. */
  readonly image: string;
  /** Id of the container, '' before there is any. */
  readonly id: string;
  /** Why it does not run, where it does not. */
  readonly trouble?: string;
  /** While the image is being changed in place: what it was. */
  readonly before?: AgentBefore;
}

/** Image of an agent and the id of its container. */
export type AgentBefore = Pick<AgentContainerView, 'image' | 'id'>;

/** A template of pods, and those before it that differ in the agent's image alone. */
export interface TemplateView {
  /** Version of the server, as the tag of its image has it; absent where that says none. */
  readonly serverVersion?: string;
  readonly agentImage: string;
  /** Hash of everything but that. */
  readonly rest: string;
  readonly alike?: AlikeRevisions;
}

/** Revisions whose templates have the same hash of everything but the agent's image. */
export interface AlikeRevisions {
  readonly rest: string;
  readonly revisions: readonly string[];
}

/** A pod of a StatefulSet as the API has it. */
export interface PodView {
  readonly name: string;
  /** What tells it from others of its name, before and after it. */
  readonly uid: string;
  readonly ordinal: number;
  /** Revision of the template that it was made from. */
  readonly revision: string;
  readonly ready: boolean;
  /** It has been told to end. */
  readonly ending: boolean;
  /** Why its server's container does not run, where it cannot. */
  readonly trouble?: Trouble;
  /** Absent where it has none. */
  readonly agent?: AgentContainerView;
}

/** Why a roll-out has stopped. */
export interface StoppedRollout extends Trouble {
  /** Revision that was rolled out. */
  readonly revision: string;
  readonly node: string;
  /** The node is to be what it was before. */
  readonly back: boolean;
  /** Last lines of the server's log. */
  readonly log: string;
}

/** The StatefulSet of a shard as the API has it. */
export interface SetView {
  readonly name: string;
  readonly shard: string;
  /** Changes whenever the object does. */
  readonly version: string;
  readonly replicas: number;
  /** Pods from this ordinal on are replaced when they are not of {@link updateRevision}; one below it is made anew from {@link currentRevision}. */
  readonly partition: number;
  readonly currentRevision: string;
  readonly updateRevision: string;
  /** Absent where it has no agent. */
  readonly template?: TemplateView;
  /** The newest change of the object has been seen by what counts the revisions. */
  readonly observed: boolean;
  /** Version of the servers before the roll-out. */
  readonly previousVersion?: string;
  /** Revision whose primaries may be replaced, where a person decides. */
  readonly approvedRevision?: string;
  readonly stopped?: StoppedRollout;
  /** In the order of their ordinals. Looked at only while not all of them are of the newest revision. */
  readonly pods: readonly PodView[];
}
