import { compareVersions, type Engine, type EngineName } from './engines';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/**
 * Directives that a server reads when it starts and never again: those that `CONFIG SET` refuses as immutable or
 * protected, and those that it does not have. Taken from the sources (`IMMUTABLE_CONFIG` in `src/config.c`, for KeyDB
 * `src/config.cpp`) and, for every engine there is a program of, from its own answers.
 */
const restartOnly = new Set(
  words(`
    aclfile always-show-logo aof-rewrite-cpulist aof_rewrite_cpulist appenddirname appendfilename
    bgsave-cpulist bgsave_cpulist bio-cpulist bio_cpulist cluster-config-file cluster-databases cluster-enabled
    cluster-port daemonize databases dbfilename dir disable-thp enable-debug-command enable-module-command
    enable-protected-configs hash-seed include io-threads io-threads-do-reads loadmodule logfile mptcp pidfile
    rdbchecksum rdma-completion-vector rdma-rx-size rename-command repl-mptcp replicaof server-cpulist server_cpulist
    set-proc-title slaveof socket-mark-id supervised syslog-enabled syslog-facility syslog-ident tcp-backlog
    unixsocket unixsocketgroup unixsocketperm user

    active-replica enable-motd is-flash-enabled multi-master repl-backlog-disk-reserve scratch-file-path
    server-thread-affinity server-threads storage-cache-mode storage-provider storage-provider-options testmode
    time-thread-priority tls-auditlog-blocklist use-fork version-override
  `),
);

/** First version of an engine that takes a directive of {@link restartOnly} live. */
const liveSince: Readonly<Record<string, Readonly<Partial<Record<EngineName, string>>>>> = {
  'io-threads': { valkey: '9.1' },
  dbfilename: { keydb: '6.3' },
  dir: { keydb: '6.3' },
  'disable-thp': { keydb: '6.3' },
};

/** Whether a running server of this version takes a new value of the directive, by `CONFIG SET`. */
export function changesLive({ name: engine, version }: Engine, directive: string): boolean {
  if (!restartOnly.has(directive)) return true;
  const since = liveSince[directive]?.[engine];
  return since !== undefined && compareVersions(version, since) >= 0;
}
