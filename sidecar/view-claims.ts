/** The claim of a node's volume as the API has it, as plain data. */
export interface ClaimView {
  readonly node: string;
  /** Bytes that it asks for. */
  readonly requested: number;
  /** Bytes that the volume has; 0 where there is none yet. */
  readonly capacity: number;
  /** What its storage says of growing; absent where it says nothing. */
  readonly says?: string;
}
