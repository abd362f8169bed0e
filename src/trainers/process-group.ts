import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Clock } from '../domain/clock.ts';

/** A process that leads a group, with what distinguishes it from a later process of the same number. */
export interface GroupLeader {
  readonly pid: number;
  /** As IDENTIFY_PROCESS gives it. */
  readonly identity: string;
}

/**
 * A shell function: `identify PID PROC` prints which process has the number now, or nothing where none
 * has. Numbers are used again, so it prints the boot and the start of the process; where there is no
 * /proc (PROC), what `ps` says of its start. A process that has ended but was not waited for counts as none.
 */
export const IDENTIFY_PROCESS = `
identify() {
  if [ -r "$2/self/stat" ]; then
    proc=$2
    { read -r stat <"$proc/$1/stat"; } 2>/dev/null || return 0
    set -f
    set -- \${stat##*) }
    case $1 in Z | X) return 0 ;; esac
    echo "$(cat "$proc/sys/kernel/random/boot_id" 2>/dev/null || echo no-boot-id) \${20}"
  else
    LC_ALL=C TZ=UTC0 ps -o stat= -o lstart= -p "$1" 2>/dev/null | sed -n '/^ *Z/!s/^ *[^ ]*  *//p'
  fi
}
`;

/** Zombie processes, which some containers keep forever, count only where there is no /proc to recognize them. */
const HAS_MEMBERS = `
  if [ -r "$2/self/stat" ]; then
    for file in "$2"/[0-9]*/stat; do
      { read -r stat <"$file"; } 2>/dev/null || continue
      set -- "$1" "$2" \${stat##*) }
      case $5:$3 in
        "$1":[ZX]) ;;
        "$1":*) echo yes; break ;;
      esac
    done
  else
    kill -s 0 -- "-$1" 2>/dev/null && echo yes || true
  fi
`;

export const PROC = '/proc';
const ENDING_POLL_MS = 100;
/** After a kill only processes that hang in the kernel are left. */
const KILL_WAIT_MS = 5_000;

const run = promisify(execFile);

/** Which process has the number: empty where none has. */
export async function identifyProcess(pid: number, proc = PROC): Promise<string> {
  return (await shell(`${IDENTIFY_PROCESS}\nidentify "$1" "$2"`, [String(pid), proc])).trim();
}

export async function isAlive({ pid, identity }: GroupLeader): Promise<boolean> {
  return identity !== '' && (await identifyProcess(pid)) === identity;
}

/**
 * Ends every process of the group: asks them to, and kills what is left after `graceMs`. A leader that has
 * ended may have left others behind; they are ended only if its number can mean no other group by now.
 */
export async function endGroup(
  leader: GroupLeader,
  { clock, graceMs }: { readonly clock: Clock; readonly graceMs: number },
): Promise<void> {
  if (!(await isAlive(leader)) && !(await mayHaveLeftOthers(leader))) return;
  for (const [signal, waitMs] of [
    ['TERM', graceMs],
    ['KILL', KILL_WAIT_MS],
  ] as const) {
    await signalGroup(leader.pid, signal);
    for (let waitedMs = 0; waitedMs < waitMs; waitedMs += ENDING_POLL_MS) {
      if (!(await hasMembers(leader.pid))) return;
      await clock.sleep(ENDING_POLL_MS);
    }
  }
}

/** While a group has members, no process gets its number; so where one has it, the group is gone, as it is after a boot. */
async function mayHaveLeftOthers({ pid, identity }: GroupLeader): Promise<boolean> {
  const boot = await readFile(`${PROC}/sys/kernel/random/boot_id`, 'utf8').catch(() => undefined);
  return boot !== undefined && identity.startsWith(`${boot.trim()} `) && (await identifyProcess(pid)) === '';
}

/** Does nothing where the group has ended. */
async function signalGroup(group: number, signal: 'TERM' | 'KILL'): Promise<void> {
  await shell('kill -s "$1" -- "-$2" 2>/dev/null || true', [signal, String(group)]);
}

/** @param proc PROC, but for tests */
export async function hasMembers(group: number, proc = PROC): Promise<boolean> {
  return (await shell(HAS_MEMBERS, [String(group), proc])).trim() === 'yes';
}

/** Runs a few lines of shell, with a path of its own: what the user's environment holds is not for us. */
async function shell(script: string, parameters: readonly string[]): Promise<string> {
  const { stdout } = await run('/bin/sh', ['-c', script, 'sh', ...parameters], { env: { PATH: '/usr/bin:/bin' } });
  return stdout;
}
