import { useEffect, useState } from 'preact/hooks';
import { BrowserDrafts } from './browser-drafts.ts';
import type { DeskApi } from './desk-api.ts';
import { numberInAddress } from './navigation.ts';
import { Place } from './place.ts';
import { SubmitQueue } from './submit-queue.ts';
import { Workbench } from './workbench.ts';
import type { WorkbenchState } from './workbench-state.ts';

/** How often to load what others do, and how often to look for a server that is away. */
const REFRESH_MS = 15_000;
const RECONNECT_MS = 3000;

const ACTIVITY = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'scroll', 'touchmove'] as const;

/** A workbench for as long as the page is shown, connected to the browser's events. */
export function useWorkbench(api: DeskApi, campaignKey: string, name: string): [Workbench, WorkbenchState] {
  const [workbench] = useState(
    () =>
      new Workbench({
        api,
        browserDrafts: new BrowserDrafts(() => localStorage, campaignKey, name),
        queue: new SubmitQueue(() => localStorage, campaignKey, name),
        placeOf: (store) => new Place(store, () => localStorage, campaignKey, name),
        nowMs: () => performance.now(),
        isVisible: () => document.visibilityState === 'visible',
      }),
  );
  const [state, setState] = useState(workbench.state);
  useEffect(() => {
    const unsubscribe = workbench.subscribe(() => setState(workbench.state));
    void workbench.start(numberInAddress());
    const stop = new AbortController();
    const { signal } = stop;
    for (const type of ACTIVITY) {
      document.addEventListener(type, () => workbench.noteActivity(), { signal, passive: true, capture: true });
    }
    document.addEventListener('visibilitychange', () => workbench.setVisible(document.visibilityState === 'visible'), {
      signal,
    });
    addEventListener('pagehide', () => workbench.leave(), { signal });
    // The browser shows a cached page again: its item was released when the person left.
    addEventListener('pageshow', ({ persisted }) => persisted && void workbench.reopen(), { signal });
    addEventListener('online', () => workbench.retryNow(), { signal });
    return () => {
      stop.abort();
      unsubscribe();
      workbench.leave();
    };
  }, [workbench]);
  useEffect(() => {
    const every = state.isReachable ? REFRESH_MS : RECONNECT_MS;
    const timer = setInterval(() => void workbench.refresh(), every);
    return () => clearInterval(timer);
  }, [workbench, state.isReachable]);
  return [workbench, state];
}
