import { isJsonObject } from '../../domain/instruction.ts';
import { CURRENT_EDITION, FIRST_EDITION, SECOND_EDITION } from '../../models/prompt-template.ts';
import { defaultStrategy } from '../../selection/strategies/registry.ts';

type Settings = Readonly<Record<string, unknown>>;

/** Defaults of winnow.yaml that have changed, by the last set of defaults that had them: see CURRENT_DEFAULTS. */
const REPLACED: readonly { readonly last: number; readonly settings: Settings }[] = [
  {
    last: 1,
    settings: {
      trainer: { kind: 'nearest-neighbour' },
      rounds: { seed: { strategy: 'selectllm' }, necessity: { select: 'cover' } },
    },
  },
  { last: 1, settings: { labels: { test: 0, heldOutShare: 0.1 }, rounds: { control: 0 } } },
];

/**
 * Fills in the settings that winnow.yaml leaves out and that had another default when the campaign began, so that it
 * goes on as it was.
 * @param defaults the number of the set that the campaign began with
 */
export function withEarlierDefaults(given: Settings, defaults: number): Settings {
  return REPLACED.filter(({ last }) => defaults <= last).reduce(
    (filled, { settings }) => fill(filled, settings),
    given,
  );
}

/** The last sets of defaults of the times of earlier prompts. */
const LAST_DEFAULTS = [
  { defaults: 2, edition: FIRST_EDITION },
  { defaults: 3, edition: SECOND_EDITION },
];

/** The edition of the prompts that a campaign goes on with: that of the time it began. */
export function promptEditionOf({ defaults }: { readonly defaults: number }): number {
  return LAST_DEFAULTS.find((last) => defaults <= last.defaults)?.edition ?? CURRENT_EDITION;
}

/** With an LLM in `llm`, it chooses by default. */
export function withDefaultStrategy(given: Settings): Settings {
  const provider = isJsonObject(given.llm) ? given.llm.provider : undefined;
  const hasLlm = typeof provider === 'string' && provider !== 'offline';
  return fill(given, { rounds: { seed: { strategy: defaultStrategy(hasLlm) } } });
}

function fill(given: Settings, settings: Settings): Settings {
  const filled: Record<string, unknown> = { ...given };
  for (const [key, value] of Object.entries(settings)) {
    const there = filled[key];
    if (there === undefined) filled[key] = value;
    else if (isJsonObject(there) && isJsonObject(value)) filled[key] = fill(there, value);
  }
  return filled;
}
