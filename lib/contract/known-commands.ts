import type { Engine } from './engines';
import { sinceTable, words } from './since';

/**
 * Every command of the engines, and every subcommand as `config|set`: taken from `COMMAND LIST`, `COMMAND INFO` and `COMMAND DOCS` of running
 * servers, for KeyDB from its sources (`src/server.cpp`).
 */
const commands = sinceTable([
  {
    since: { valkey: '7.2', redis: '6.2', keydb: '6.3' },
    names: words(`
      acl acl|cat acl|deluser acl|genpass acl|getuser acl|help acl|list acl|load acl|log acl|save acl|setuser
      acl|users acl|whoami append asking auth bgrewriteaof bgsave bitcount bitfield bitfield_ro bitop bitpos
      blmove blpop brpop brpoplpush bzpopmax bzpopmin client client|caching client|getname client|getredir
      client|help client|id client|info client|kill client|list client|pause client|reply client|setname
      client|tracking client|trackinginfo client|unblock client|unpause cluster cluster|addslots
      cluster|bumpepoch cluster|count-failure-reports cluster|countkeysinslot cluster|delslots cluster|failover
      cluster|flushslots cluster|forget cluster|getkeysinslot cluster|help cluster|info cluster|keyslot
      cluster|meet cluster|myid cluster|nodes cluster|replicas cluster|replicate cluster|reset
      cluster|saveconfig cluster|set-config-epoch cluster|setslot cluster|slaves cluster|slots command
      command|count command|getkeys command|help command|info config config|get config|help config|resetstat
      config|rewrite config|set copy dbsize debug decr decrby del discard dump echo eval evalsha exec exists
      expire expireat failover flushall flushdb geoadd geodist geohash geopos georadius georadius_ro
      georadiusbymember georadiusbymember_ro geosearch geosearchstore get getbit getdel getex getrange getset
      hdel hello hexists hget hgetall hincrby hincrbyfloat hkeys hlen hmget hmset hrandfield hscan hset hsetnx
      hstrlen hvals incr incrby incrbyfloat info keys lastsave latency latency|doctor latency|graph latency|help
      latency|history latency|latest latency|reset lindex linsert llen lmove lpop lpos lpush lpushx
      lrange lrem lset ltrim memory memory|doctor memory|help memory|malloc-stats memory|purge memory|stats
      memory|usage mget migrate module module|help module|list module|load module|unload monitor move mset
      msetnx multi object object|encoding object|freq object|help object|idletime object|refcount persist
      pexpire pexpireat pfadd pfcount pfdebug pfmerge pfselftest ping psetex psubscribe psync pttl publish
      pubsub pubsub|channels pubsub|help pubsub|numpat pubsub|numsub punsubscribe randomkey readonly
      readwrite rename renamenx replconf replicaof reset restore restore-asking role rpop rpoplpush rpush rpushx
      sadd save scan scard script script|debug script|exists script|flush script|help script|kill script|load
      sdiff sdiffstore select set setbit setex setnx setrange shutdown sinter sinterstore sismember slaveof
      slowlog slowlog|get slowlog|help slowlog|len slowlog|reset smembers smismember smove sort spop srandmember
      srem sscan strlen subscribe substr sunion sunionstore swapdb sync time touch ttl type unlink unsubscribe
      unwatch wait watch xack xadd xautoclaim xclaim xdel xgroup xgroup|create xgroup|createconsumer
      xgroup|delconsumer xgroup|destroy xgroup|help xgroup|setid xinfo xinfo|consumers xinfo|groups xinfo|help
      xinfo|stream xlen xpending xrange xread xreadgroup xrevrange xsetid xtrim zadd zcard zcount zdiff
      zdiffstore zincrby zinter zinterstore zlexcount zmscore zpopmax zpopmin zrandmember zrange zrangebylex
      zrangebyscore zrangestore zrank zrem zremrangebylex zremrangebyrank zremrangebyscore zrevrange
      zrevrangebylex zrevrangebyscore zrevrank zscan zscore zunion zunionstore
    `),
  },
  {
    since: { valkey: '7.2', redis: '7.0' },
    names: words(`
      acl|dryrun blmpop bzmpop client|no-evict cluster|addslotsrange cluster|delslotsrange cluster|links
      cluster|shards command|docs command|getkeysandflags command|list eval_ro evalsha_ro expiretime fcall
      fcall_ro function function|delete function|dump function|flush function|help function|kill function|list
      function|load function|restore function|stats latency|histogram lcs lmpop module|loadex pexpiretime
      pubsub|shardchannels pubsub|shardnumsub sintercard sort_ro spublish ssubscribe sunsubscribe zintercard
      zmpop
    `),
  },
  {
    since: { redis: '8.0' },
    names: words(`
      vadd vcard vdim vemb vgetattr vinfo vismember vlinks vrandmember vrem vsetattr vsim
    `),
  },
  {
    since: { valkey: '7.2', redis: '6.2' },
    names: words('lolwut quit'),
  },
  {
    since: { keydb: '6.3' },
    names: words(`
      expdel expiremember expirememberat host: keydb.cron keydb.hrename keydb.mexists keydb.mvccrestore keydb.nhget
      keydb.nhset lfence pexpirememberat post replping rreplay stralgo
    `),
  },
  {
    since: { valkey: '9.0', redis: '7.4' },
    names: words(`
      hexpire hexpireat hexpiretime hpersist hpexpire hpexpireat hpexpiretime hpttl httl
    `),
  },
  {
    since: { valkey: '8.1' },
    names: words(`
      client|import-source commandlog commandlog|get commandlog|help commandlog|len commandlog|reset
    `),
  },
  {
    since: { valkey: '9.0' },
    names: words(`
      cluster|cancelslotmigrations cluster|flushslot cluster|getslotmigrations cluster|migrateslots
      cluster|syncslots delifeq
    `),
  },
  {
    since: { valkey: '7.2', redis: '7.2' },
    names: words(`
      client|no-touch client|setinfo cluster|myshardid waitaof
    `),
  },
  {
    since: { valkey: '8.0' },
    names: words(`
      client|capa cluster|slot-stats script|show
    `),
  },
  {
    since: { valkey: '9.1' },
    names: words(`
      clusterscan msetex
    `),
  },
  {
    since: { valkey: '9.0', redis: '8.0' },
    names: words(`
      hgetex hsetex
    `),
  },
  {
    since: { valkey: '9.1', redis: '8.0' },
    names: words(`
      hgetdel
    `),
  },
]);

/** https://valkey.io/topics/acl/#command-categories; the same in every version. */
const categories = new Set(
  words(`
    admin all bitmap blocking connection dangerous fast geo hash hyperloglog keyspace list pubsub read scripting set slow sortedset stream
    string transaction write
  `),
);

/** Every command and subcommand of any engine. */
export const commandNames = (): readonly string[] => commands.names;

/** The version of the engine that brought a command, or a subcommand as `config|set`; undefined where none did. */
export const commandSince = commands.since;

/**
 * Whether a server of this version takes a rule that grants or denies a command (`+get`), a subcommand (`-config|set`) or a category
 * (`-@dangerous`); one that it does not take keeps it from starting. Commands without subcommands can be granted with a first argument
 * (`+select|0`), and not be denied with one.
 */
export function takesRule(engine: Engine, rule: string): boolean {
  const name = rule.slice(1);
  if (name.startsWith('@')) return categories.has(name.slice(1));
  const [container = '', argument, ...more] = name.split('|');
  if (argument === undefined || commands.names.some((known) => known.startsWith(`${container}|`))) {
    return commands.knows(engine, name);
  }
  return rule.startsWith('+') && argument !== '' && more.length === 0 && commands.knows(engine, container);
}
