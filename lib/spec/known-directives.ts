import { sinceTable, words } from '../contract/since';

/**
 * Every directive of the engines' configuration files, grouped by the versions that brought it: taken from the sources
 * (`src/config.c`) and from `CONFIG GET *` of running servers.
 */
const directives = sinceTable([
  {
    since: { valkey: '7.2', redis: '6.2', keydb: '6.3' },
    names: words(`
      acl-pubsub-default aclfile acllog-max-len active-defrag-cycle-max active-defrag-cycle-min
      active-defrag-ignore-bytes active-defrag-max-scan-fields active-defrag-threshold-lower
      active-defrag-threshold-upper active-expire-effort activedefrag activerehashing always-show-logo
      aof-load-truncated aof-rewrite-incremental-fsync aof-use-rdb-preamble aof_rewrite_cpulist
      appendfilename appendfsync appendonly auto-aof-rewrite-min-size auto-aof-rewrite-percentage
      bgsave_cpulist bind bio_cpulist client-output-buffer-limit client-query-buffer-limit
      cluster-allow-reads-when-down cluster-allow-replica-migration cluster-announce-bus-port
      cluster-announce-ip cluster-announce-port cluster-announce-tls-port cluster-config-file
      cluster-enabled cluster-migration-barrier cluster-node-timeout cluster-replica-no-failover
      cluster-replica-validity-factor cluster-require-full-coverage cluster-slave-no-failover
      cluster-slave-validity-factor crash-log-enabled crash-memcheck-enabled daemonize databases
      dbfilename dir disable-thp dynamic-hz hash-max-ziplist-entries hash-max-ziplist-value
      hll-sparse-max-bytes hz ignore-warnings io-threads io-threads-do-reads jemalloc-bg-thread
      latency-monitor-threshold lazyfree-lazy-eviction lazyfree-lazy-expire lazyfree-lazy-server-del
      lazyfree-lazy-user-del lazyfree-lazy-user-flush lfu-decay-time lfu-log-factor list-compress-depth
      list-max-ziplist-size loadmodule logfile loglevel lua-replicate-commands lua-time-limit masterauth
      masteruser maxclients maxmemory maxmemory-eviction-tenacity maxmemory-policy maxmemory-samples
      min-replicas-max-lag min-replicas-to-write min-slaves-max-lag min-slaves-to-write
      no-appendfsync-on-rewrite notify-keyspace-events oom-score-adj oom-score-adj-values pidfile port
      proc-title-template protected-mode proto-max-bulk-len rdb-del-sync-files rdb-save-incremental-fsync
      rdbchecksum rdbcompression repl-backlog-size repl-backlog-ttl repl-disable-tcp-nodelay
      repl-diskless-load repl-diskless-sync repl-diskless-sync-delay repl-ping-replica-period
      repl-ping-slave-period repl-timeout replica-announce-ip replica-announce-port replica-announced
      replica-ignore-maxmemory replica-lazy-flush replica-priority replica-read-only
      replica-serve-stale-data replicaof requirepass sanitize-dump-payload save server_cpulist
      set-max-intset-entries set-proc-title slave-announce-ip slave-announce-port slave-ignore-maxmemory
      slave-lazy-flush slave-priority slave-read-only slave-serve-stale-data slaveof
      slowlog-log-slower-than slowlog-max-len stop-writes-on-bgsave-error stream-node-max-bytes
      stream-node-max-entries supervised syslog-enabled syslog-facility syslog-ident tcp-backlog
      tcp-keepalive timeout tls-auth-clients tls-ca-cert-dir tls-ca-cert-file tls-cert-file tls-ciphers
      tls-ciphersuites tls-client-cert-file tls-client-key-file tls-client-key-file-pass tls-cluster
      tls-dh-params-file tls-key-file tls-key-file-pass tls-port tls-prefer-server-ciphers tls-protocols
      tls-replication tls-session-cache-size tls-session-cache-timeout tls-session-caching
      tracking-table-max-keys unixsocket unixsocketperm zset-max-ziplist-entries zset-max-ziplist-value
    `),
  },
  {
    since: { valkey: '7.2', redis: '7.0' },
    names: words(`
      aof-timestamp-enabled appenddirname bind-source-addr busy-reply-threshold
      cluster-allow-pubsubshard-when-down cluster-announce-hostname cluster-link-sendbuf-limit
      cluster-port cluster-preferred-endpoint-type enable-debug-command enable-module-command
      enable-protected-configs hash-max-listpack-entries hash-max-listpack-value latency-tracking
      latency-tracking-info-percentiles list-max-listpack-size maxmemory-clients
      propagation-error-behavior repl-diskless-sync-max-replicas replica-ignore-disk-write-errors
      shutdown-on-sigint shutdown-on-sigterm shutdown-timeout socket-mark-id zset-max-listpack-entries
      zset-max-listpack-value
    `),
  },
  {
    since: { valkey: '7.2', redis: '7.2' },
    names: words(`
      cluster-announce-human-nodename locale-collate set-max-listpack-entries set-max-listpack-value
    `),
  },
  {
    since: { valkey: '8.0', redis: '7.4' },
    names: words(`
      aof-rewrite-cpulist bgsave-cpulist bio-cpulist hide-user-data-from-log max-new-connections-per-cycle
      max-new-tls-connections-per-cycle server-cpulist
    `),
  },
  {
    since: { valkey: '8.0' },
    names: words(`
      availability-zone cluster-announce-client-ipv4 cluster-announce-client-ipv6 cluster-blacklist-ttl
      cluster-slot-stats-enabled dual-channel-replication-enabled events-per-io-thread
      extended-redis-compatibility prefetch-batch-max-size primaryauth primaryuser unixsocketgroup
    `),
  },
  {
    since: { valkey: '8.1' },
    names: words(`
      active-defrag-cycle-us cluster-manual-failover-timeout commandlog-execution-slower-than
      commandlog-large-reply-max-len commandlog-large-request-max-len commandlog-reply-larger-than
      commandlog-request-larger-than commandlog-slow-execution-max-len import-mode log-format
      log-timestamp-format rdb-version-check rdma-bind rdma-completion-vector rdma-port rdma-rx-size
    `),
  },
  {
    since: { valkey: '9.0' },
    names: words(`
      cluster-announce-client-port cluster-announce-client-tls-port cluster-config-save-behavior
      cluster-databases cluster-slot-migration-log-max-len hash-seed mptcp repl-mptcp
      slot-migration-max-failover-repl-bytes tls-auth-clients-user tls-auto-reload-interval
    `),
  },
  {
    since: { keydb: '6.3' },
    names: words(`
      active-client-balancing active-replica allow-rdb-resize-op allow-write-during-load availability-zone
      db-s3-object delete-on-evict enable-async-commands enable-async-rehash enable-keydb-fastsync
      enable-motd flash-disable-key-cache force-backlog-disk-reserve force-eviction-percent key-load-delay
      loading-process-events-interval-bytes loading-process-events-interval-keys max-rand-count
      max-snapshot-slip maxclients-reserved maxstorage min-clients-per-thread multi-master
      multi-master-no-forward multithread-load-enabled overload-protect-percent prefetch-enabled
      rdb-key-save-delay repl-backlog-disk-reserve replica-quorum replica-weighting-factor
      scratch-file-path semi-ordered-set-bucket-size server-thread-affinity server-threads soft-shutdown
      storage-cache-mode storage-flush-period storage-provider storage-provider-options
      time-thread-priority tls-allowlist tls-auditlog-blocklist tls-rotation use-exit-on-panic use-fork
    `),
  },
  {
    since: { redis: '8.0' },
    names: words(`
      cluster-compatibility-sample-ratio replica-full-sync-buffer-limit
    `),
  },
]);

/** The version of the engine that brought a directive; undefined where none did. */
export const directiveSince = directives.since;

/** Whether a server of this version starts with the directive in its file. */
export const knowsDirective = directives.knows;
