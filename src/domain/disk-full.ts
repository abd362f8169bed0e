const FULL = /^(?:ENOSPC|EDQUOT|SQLITE_FULL|SQLITE_IOERR(?!_SHORT_READ|_CORRUPTFS).*|STATE_FULL)$/;

/** Whether something could not be written because there is no space left, or the disk failed: it may go through later. */
export function isDiskFull(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 6; at = at.cause, depth += 1) {
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && FULL.test(code)) return true;
  }
  return false;
}
