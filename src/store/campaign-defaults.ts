import { peekIdentity, type RunIdentity } from './run-state.ts';

/** Raised when defaults of winnow.yaml or prompts change. Campaigns store the number they began with. */
export const CURRENT_DEFAULTS = 4;
/** Of campaigns that store no number: those of winnow 0.1. */
const FIRST_DEFAULTS = 1;

/** The number in the identity of a campaign. */
export function defaultsIn({ defaults = FIRST_DEFAULTS }: RunIdentity): number {
  return Number(defaults);
}

/**
 * The defaults that a campaign began with. A campaign that has not started, or a file that cannot be read, has the
 * current ones; opening the file reports what is wrong with it.
 * @param path of the campaign's state file
 */
export function campaignDefaults(path: string): number {
  const identity = peekIdentity(path);
  return identity === undefined ? CURRENT_DEFAULTS : defaultsIn(identity);
}
