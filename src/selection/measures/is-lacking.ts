import { NO_RESPONSE } from './response-source.ts';

/** Whether a candidate has no value since its record lacks something, which asking anew does not mend. @param measure its name */
export function isLacking(measure: string, failure: string): boolean {
  return measure === 'field' || failure === NO_RESPONSE;
}
