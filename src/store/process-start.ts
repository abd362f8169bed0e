import { readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second for all programs. */
const TICKS_PER_SECOND = 100;
/** In /proc/<pid>/stat, counted from the state, which follows the name in brackets. Source: proc_pid_stat(5) */
const START_FIELD = 19;

/**
 * When a running process began, in milliseconds since the epoch.
 * @returns undefined where there is no such process, or where the system does not say (other than Linux)
 */
export function processStartMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[START_FIELD]);
    const bootedAt = Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    const startMs = (bootedAt + ticks / TICKS_PER_SECOND) * 1000;
    return Number.isNaN(startMs) ? undefined : startMs;
  } catch {
    return undefined;
  }
}
