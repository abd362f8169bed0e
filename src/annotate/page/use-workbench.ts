import { useEffect, useState } from 'preact/hooks';
import { KeptDrafts } from './browser-drafts.ts';
import type { DeskApi } from './desk-api.ts';
import { numberInAddress } from './navigation.ts';
import { Workbench } from './workbench.ts';
import type { WorkbenchState } from './workbench-state.ts';

/** What others do is looked at that often; a server that is away more often. */
const LOOK_ROUND_MS = 15_000;
const LOOK_FOR_SERVER_MS = 3000;

const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'scroll', 'touchmove'] as const;

/** A workbench that lives as long as the page that shows it, and knows when the person is there. */
export function useWorkbench(api: DeskApi, campaignKey: string, name: string): [Workbench, WorkbenchState] {
  const [workbench] = useState(
    () =>
      new Workbench({
        api,
        kept: new KeptDrafts(() => localStorage, campaignKey, name),
        nowMs: () => performance.now(),
        isSeen: () => document.visibilityState === 'visible',
      }),
  );
  const [state, setState] = useState(workbench.state);
  useEffect(() => {
    const unsubscribe = workbench.subscribe(() => setState(workbench.state));
    void workbench.start(numberInAddress());
    const stop = new AbortController();
    const { signal } = stop;
    for (const sign of SIGNS) {
      document.addEventListener(sign, () => workbench.sign(), { signal, passive: true, capture: true });
    }
    document.addEventListener('visibilitychange', () => workbench.see(document.visibilityState === 'visible'), {
      signal,
    });
    addEventListener('pagehide', () => workbench.leave(), { signal });
    // Kept by the browser when the person left, and shown again as it was: the item was let go meanwhile.
    addEventListener('pageshow', ({ persisted }) => persisted && void workbench.renew(), { signal });
    addEventListener('online', () => workbench.hurry(), { signal });
    return () => {
      stop.abort();
      unsubscribe();
      workbench.leave();
    };
  }, [workbench]);
  useEffect(() => {
    const every = state.isReachable ? LOOK_ROUND_MS : LOOK_FOR_SERVER_MS;
    const timer = setInterval(() => void workbench.lookRound(), every);
    return () => clearInterval(timer);
  }, [workbench, state.isReachable]);
  return [workbench, state];
}
