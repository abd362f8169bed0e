import type { DeskItem } from '../desk/desk-views.ts';
import { RequestError } from './desk-api.ts';
import type { Verdict } from './workbench-state.ts';

/** What is read out when a label has arrived. */
export const SUBMITTED: Readonly<Record<Verdict, string>> = {
  accepted: 'Submitted.',
  rejected: 'Rejected.',
  skipped: 'Skipped.',
};

/** Said before the server would have to say it. */
export const NOTHING_WRITTEN = new RequestError({
  code: 'EMPTY_RESPONSE',
  message: 'There is no response yet.',
  hint: 'Write one, or skip or reject the item.',
});

/** What is read out of the item that is shown now; nothing at the end. */
export function placeOf(item: DeskItem | null): string {
  return item === null ? '' : `Item ${item.rank} of ${item.of}.`;
}
