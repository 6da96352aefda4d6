/** Every hash slot: https://valkey.io/topics/cluster-spec/ */
export const slotCount = 16384;
