import { UsageError } from '../../domain/errors.ts';
import { librarySpelling, Sentence, type Spelling, sentence, type Wording } from '../../domain/wording.ts';
import type { Providers } from '../../selection/measures/measure.ts';
import { asksLlm } from '../../selection/strategies/llm-use.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import type { StrategyOptions } from '../../selection/strategies/strategy.ts';
import { normalizeOptions } from '../../selection/strategies/strategy-options.ts';
import { keySpelling } from './key-spelling.ts';

export interface OptionsProblem {
  /** From the mapping that holds `options`. */
  readonly path: string[];
  readonly message: string;
}

/** Asks a strategy whether it takes these options. @returns undefined when it does */
export function strategyOptionsProblem(strategy: string, options: StrategyOptions): OptionsProblem | undefined {
  return problemOf(options, () => normalizeOptions(STRATEGIES.find(strategy), options));
}

/** Asks whether the providers can do what the strategy asks of an LLM. @param options that the strategy takes */
export function llmUseProblem(
  strategy: string,
  options: StrategyOptions,
  providers: Providers,
): OptionsProblem | undefined {
  const found = STRATEGIES.find(strategy);
  return problemOf(options, () => asksLlm(found, normalizeOptions(found, options), providers));
}

function problemOf(options: StrategyOptions, check: () => unknown): OptionsProblem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { parts } = asSentence(error.wording.message);
    const hint = asSentence(error.wording.hint ?? '');
    const mentioned = [...parts, ...hint.parts].flatMap((part) => (typeof part === 'string' ? [] : [part.name]));
    const named = mentioned.find((name) => Object.hasOwn(options, name));
    const [first, ...rest] = parts;
    // The path says the name already.
    const isAbout = typeof first === 'object' && first.name === named && first.value === undefined;
    const problem = isAbout ? new Sentence(rest) : sentence`is refused: ${new Sentence(parts)}`;
    return {
      path: named === undefined ? ['options'] : ['options', named],
      message: [problem, hint]
        .map((one) => one.spell(spelling).trim())
        .filter(Boolean)
        .join(' '),
    };
  }
}

function asSentence(wording: Wording): Sentence {
  return typeof wording === 'string' ? new Sentence([wording]) : wording;
}

/** Names of the strategy's own options are clear beside their path. */
const spelling: Spelling = (reference) =>
  ['provider', 'model'].includes(reference.name) ? keySpelling()(reference) : librarySpelling(reference);
