import { spawn } from 'node:child_process';

/** Kills process groups when this process has gone without doing it itself. */
export interface Watchdog {
  /** From now on the group ends with this process. */
  guard(group: number): void;
  /** The group has ended; its number may soon be another's. */
  forget(group: number): void;
  /** Ends the watchdog, which then leaves alone what it guarded. */
  close(): void;
}

/**
 * Reads `+ GROUP` and `- GROUP`. The end of its input is the end of whoever started it, kill -9 included: the kernel
 * closes the pipe. Signals that reach every process of a terminal must not end it first.
 */
const script = `
trap '' INT TERM HUP
guarded=' '
while read -r change group; do
  case $change in
    +) guarded="$guarded$group " ;;
    -) guarded="\${guarded%% $group *} \${guarded#* $group }" ;;
    done) exit 0 ;;
  esac
done
for group in $guarded; do kill -s KILL -- "-$group"; done 2>/dev/null
`;

/** Starts a watchdog. It is a shell of some 1 MB in a session of its own. */
export function startWatchdog(): Watchdog {
  const shell = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  shell.unref();
  const { stdin } = shell;
  // Its death loses the guard, not the database.
  shell.on('error', () => undefined);
  stdin.on('error', () => undefined);
  const write = (line: string): void => {
    if (stdin.writable) stdin.write(`${line}\n`);
  };
  return {
    guard: (group) => write(`+ ${group}`),
    forget: (group) => write(`- ${group}`),
    close() {
      write('done');
      stdin.end();
    },
  };
}
