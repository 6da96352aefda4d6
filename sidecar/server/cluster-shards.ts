import * as z from 'zod';

/** The reply is a list of fields and their values, at both levels. */
const shard = z.array(z.unknown()).transform((fields) => z.array(z.array(z.unknown())).parse(valueOf(fields, 'nodes')));
const reply = z.array(shard);

const valueOf = (fields: readonly unknown[], name: string): unknown => fields[fields.indexOf(name) + 1];

/**
 * The ids of the nodes of each shard, as one server sees them.
 *
 * @param given the reply to `CLUSTER SHARDS`
 * @throws Error where it is none
 * Source: https://valkey.io/commands/cluster-shards/
 */
export const parseClusterShards = (given: unknown): string[][] =>
  reply.parse(given).map((nodes) => nodes.map((node) => String(valueOf(node, 'id'))));
