import type { Place, WatchView } from '../view';

type Fields = ReadonlyMap<string, string>;

/** Replies of `SENTINEL`: names and values by turns. */
function fieldsOf(reply: unknown): Fields {
  const words = (reply as readonly unknown[]).map(String);
  return new Map(words.flatMap((name, index) => (index % 2 === 0 ? [[name, words[index + 1] ?? ''] as const] : [])));
}

const number = (fields: Fields, name: string): number => Number(fields.get(name) ?? 0);

const placeOf = (fields: Fields): Place => ({ ip: fields.get('ip') ?? '', client: number(fields, 'port') });

const flagsOf = (fields: Fields): string[] => (fields.get('flags') ?? '').split(',');

const isDown = (fields: Fields): boolean =>
  flagsOf(fields).some((flag) => ['s_down', 'o_down', 'disconnected'].includes(flag));

/** Replies of `MASTER`, `GET-MASTER-ADDR-BY-NAME`, `REPLICAS` and `SENTINELS`: https://valkey.io/topics/sentinel/ */
export function parseWatch([master, address, replicas, sentinels]: readonly unknown[]): WatchView {
  const fields = fieldsOf(master);
  const [ip = '', port = ''] = (address as readonly unknown[]).map(String);
  const listed = (reply: unknown) => (reply as readonly unknown[]).map(fieldsOf);
  const changing = flagsOf(fields).includes('failover_in_progress');
  const chosen = changing ? listed(replicas).find((one) => flagsOf(one).includes('promoted')) : undefined;
  return {
    at: { ip, client: Number(port) },
    epoch: number(fields, 'config-epoch'),
    changing,
    ...(chosen ? { chosen: placeOf(chosen) } : {}),
    lost: isDown(fields),
    quorum: number(fields, 'quorum'),
    downAfterMs: number(fields, 'down-after-milliseconds'),
    failoverTimeoutMs: number(fields, 'failover-timeout'),
    parallelSyncs: number(fields, 'parallel-syncs'),
    replicas: listed(replicas).map((one) => ({ at: placeOf(one), down: isDown(one) })),
    sentinels: listed(sentinels).map((one) => ({
      at: placeOf(one),
      down: isDown(one),
      id: one.get('runid') ?? '',
    })),
  };
}
