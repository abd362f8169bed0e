/** A batch, and what the provider last said of it. */
export interface ShownBatch {
  readonly createdAtMs: number;
  readonly size: number;
  readonly done?: number;
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

/** "50 requests wait in 1 batch file for vLLM. Run: vllm run-batch …", with the command for each file on a line. */
export function byHandText(service: string, batches: readonly (ShownBatch & { readonly command: string })[]): string {
  const [requests, done] = [sumOf(batches, ({ size }) => size), sumOf(batches, (batch) => batch.done ?? 0)];
  const soFar = done > 0 ? `, ${amount(done, 'result')} written so far` : '';
  const commands = batches.map(({ command }) => `\n${command}`).join('');
  return `${amount(requests, 'request')} wait in ${amount(batches.length, 'batch file')} for ${service}${soFar}. Run:${commands}`;
}

/** "OpenAI works on 500 requests in 1 batch, 120 answered so far. Ready in about 12 minutes." */
export function pendingText(service: string, batches: readonly ShownBatch[], nowMs: number): string {
  const [requests, done] = [sumOf(batches, ({ size }) => size), sumOf(batches, (batch) => batch.done ?? 0)];
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

function sumOf(batches: readonly ShownBatch[], of: (batch: ShownBatch) => number): number {
  return batches.reduce((sum, batch) => sum + of(batch), 0);
}

function amount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
