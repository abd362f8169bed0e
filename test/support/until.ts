import { setTimeout as wait } from 'node:timers/promises';

/** How long a test may wait for one thing; `npm run torture` gives it an hour, because it may run beside other work. */
export const longestWaitMs = () => Number(process.env.WINNOW_LONGEST_WAIT_MS ?? 240_000);

/**
 * Waits until it is so, looking again and again.
 * @param what named in the error; a function may add what there is instead
 * @throws Error after the longest wait, so that a test fails with a reason instead of hanging
 */
export async function until(isSo: () => boolean, what: string | (() => string)): Promise<void> {
  const end = performance.now() + longestWaitMs();
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error(`Waited ${longestWaitMs() / 1000} s for ${typeof what === 'string' ? what : what()}.`);
    }
    await wait(5);
  }
}

/** The same for a promise. */
export async function inTime<T>(promise: Promise<T>, what: string | (() => string)): Promise<T> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  await until(() => settled, what);
  return promise;
}
