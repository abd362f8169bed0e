import { UsageError } from '../../domain/errors.ts';
import { asksLlm, type Providers } from '../../selection/strategies/llm-use.ts';
import { findStrategy } from '../../selection/strategies/registry.ts';
import type { StrategyOptions } from '../../selection/strategies/strategy.ts';

export interface OptionsProblem {
  /** From the mapping that holds `options`. */
  readonly path: string[];
  readonly message: string;
}

const FLAG = /--([a-z]+(?:-[a-z]+)*)/g;

/**
 * Asks a strategy whether it can do with these options. It answers as the command line spells them
 * (`--per-query`), which is put as the file spells them (`perQuery`).
 * @returns undefined when it can
 */
export function strategyOptionsProblem(strategy: string, options: StrategyOptions): OptionsProblem | undefined {
  return problemOf(options, () => findStrategy(strategy).normalizeOptions(options));
}

/** Asks whether the providers can do what the strategy asks of an LLM. @param options that the strategy can do with */
export function llmUseProblem(
  strategy: string,
  options: StrategyOptions,
  providers: Providers,
): OptionsProblem | undefined {
  const found = findStrategy(strategy);
  return problemOf(options, () => asksLlm(found, found.normalizeOptions(options), providers));
}

function problemOf(options: StrategyOptions, check: () => unknown): OptionsProblem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // "--votes: must be at least 1.": the path says the name already.
    const about = /^--[a-z-]+: (.*?)\.?$/s.exec(error.message)?.[1];
    const sentences = [error.message, error.hint].filter((sentence) => sentence !== undefined).join(' ');
    const mentioned = [...sentences.matchAll(FLAG)].map(([, flag]) => camelCase(flag!));
    const named = mentioned.find((name) => Object.hasOwn(options, name));
    return {
      path: named === undefined ? ['options'] : ['options', named],
      message:
        about ?? `is refused: ${sentences.replace(FLAG, (_, flag: string) => camelCase(flag)).replace(/\.$/, '')}`,
    };
  }
}

function camelCase(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
