/**
 * What an operator (of resources called ValkeyCluster) needed for the same events: measured on 2026-11-21 at its commit c33988f on three nodes
 * of Kubernetes 1.35 on two cores, 3 shards of 2, under 16 writers with values of 64 bytes. It is not part of a run.
 */
export const operatorFigures: Readonly<Record<string, string>> = {
  'apply to Healthy': '19.4 s',
  'kill -9 of a primary process': 'at once, 1,424, 1,458 ms, 52,585',
  'kubectl delete pod of a primary': '12 s, 208, 3,020 ms, 0',
  'scale 3 -> 4 shards': '45 s, 0, 561 ms, 0',
  'scale 4 -> 3 shards': '46 s, 0, 678 ms, 0',
  'rolling restart of all 6': '90 s, 0, 204 ms, 0',
  'drain of a node': 'never, 0, 190 ms, 0',
  'all pods deleted at once': '68 s, 469, -, 0',
};

/**
 * What another (of resources called RedisInstance) needed with a primary and two replicas, through its Service of the primary: measured on the same
 * day at its commit d11e7dc, with the same load.
 */
export const replicationOperatorFigures: Readonly<Record<string, string>> = {
  'kill -9 of the primary process': '-, 16, 2,279 ms, 0',
  'kubectl delete pod of the primary': '-, 16, 2,389 ms, 0',
  'rolling restart of all 3': '-, 128, 23,800 ms, 452,608',
  "power off of the primary's node": '-, 560, 103,000 ms, 0',
};

/** What scaling took it for each key that was moved: 45 s for a quarter of 4.4 million. Microseconds. */
export const operatorMicrosecondsPerKey = 45e6 / (4.4e6 / 4);
