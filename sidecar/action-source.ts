import type { PrimaryRecord } from './view';

/** Everything that is done about a primary elsewhere that the database follows, each by the agent of the node that copies it for all. */
export type SourceAction =
  /** Has the own server take no writes, and `REPLICAOF` its agent, who lets it through to the source. */
  | { readonly do: 'follow-source'; readonly node: string; readonly name: string; readonly port: number }
  /**
   * Notes whose data the database has, or is about to copy; its own where `name` is missing. In the record, where that still is `base`, or
   * on the volume of the only node.
   */
  | { readonly do: 'note-source'; readonly node: string; readonly name?: string; readonly base?: PrimaryRecord }
  /** `REPLICAOF NO ONE` at the only node. */
  | { readonly do: 'lead-alone'; readonly node: string };

/** Each in English. */
export const sourceSentences: {
  readonly [Kind in SourceAction['do']]: (action: Extract<SourceAction, { do: Kind }>) => string;
} = {
  'follow-source': ({ node, name }) => `have ${node} follow ${name}`,
  'note-source': ({ node, name }) =>
    name === undefined
      ? `note that ${node} has data of its own from now on`
      : `note that ${node} has the data of ${name}`,
  'lead-alone': ({ node }) => `have ${node} take writes and follow nobody`,
};

/** Whether it is one of them. */
export const isSourceAction = (action: { readonly do: string }): action is SourceAction => action.do in sourceSentences;
