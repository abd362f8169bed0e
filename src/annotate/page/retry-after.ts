const FIRST_MS = 500;
const LONGEST_MS = 8000;

/** How long to wait before what failed so many times (from 1) is tried again: longer each time, never so long that a
 * person would rather reload. */
export function retryAfterMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
}
