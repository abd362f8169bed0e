/** A batch, and what the provider last said of it. */
export interface ShownBatch {
  readonly createdAtMs: number;
  readonly size: number;
  readonly done?: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** "OpenAI works on 500 requests in 1 batch, 120 answered so far. Ready in about 12 minutes." */
export function pendingText(service: string, batches: readonly ShownBatch[], nowMs: number): string {
  const requests = batches.reduce((sum, { size }) => sum + size, 0);
  const done = batches.reduce((sum, { done: one = 0 }) => sum + one, 0);
  const sofar = done > 0 ? `, ${amount(done, 'request')} done so far` : '';
  return `${service} works on ${amount(requests, 'request')} in ${amount(batches.length, 'batch', 'batches')}${sofar}. ${readyText(batches, nowMs)}`;
}

export function submittedText(service: string, requests: number): string {
  return `${amount(requests, 'request')} sent to ${service} as a batch.`;
}

export function progressText(
  service: string,
  { done, total }: { readonly done: number; readonly total: number },
): string {
  return `${service} has done ${done.toLocaleString('en-US')} of ${amount(total, 'request')} of the batch.`;
}

/** By the pace so far. */
function readyText(batches: readonly ShownBatch[], nowMs: number): string {
  const minutes = batches.map(({ createdAtMs, size, done = 0 }) => {
    const spentMs = Math.max(MINUTE_MS, nowMs - createdAtMs);
    return done === 0 ? undefined : Math.ceil((spentMs * (size - done)) / done / MINUTE_MS);
  });
  const latest = minutes.every((one) => one !== undefined) ? Math.max(1, ...minutes) : undefined;
  if (latest === undefined || latest > DAY_MINUTES) return 'Usually ready within an hour, at most in 24 hours.';
  return latest < 90
    ? `Ready in about ${amount(latest, 'minute')}.`
    : `Ready in about ${amount(Math.ceil(latest / 60), 'hour')}.`;
}

function amount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
