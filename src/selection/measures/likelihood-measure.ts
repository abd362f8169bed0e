import { setImmediate } from 'node:timers/promises';
import { conversationText } from '../../domain/conversation.ts';
import { UsageError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { NO_CALLS } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { LikelihoodModel } from '../../models/likelihood-model.ts';
import { CharacterModel } from '../../text/character-model.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure, Measured, MeasureKind } from './measure.ts';

/** The likelihood of an instruction under a language model, as a kind of measure. */
export const likelihoodMeasureKind: MeasureKind = {
  name: 'likelihood',
  summary: 'mean log-probability of its tokens under a model',
  of: 'instruction',
  needs: 'likelihoods',
  prompts: () => [],
  open: async (_options, instructions, sources) => {
    if (sources.providers.writing === 'offline') return poolLikelihoodMeasure(instructions);
    const { likelihoods, provider } = await sources.writer();
    if (!likelihoods) throw withoutLikelihoods(provider);
    return likelihoodMeasure(likelihoods, instructions);
  },
};

/** For a provider that does not return the log-probabilities of a prompt. @param what needs them */
export function withoutLikelihoods(provider: string, what = 'Perplexity'): UsageError {
  return new UsageError(
    `${what} needs the log-probabilities of prompts, and ${provider} does not return them.`,
    sentence`Use ${option('provider', 'compatible')} with a server that returns them, such as vLLM, or ${option('provider', 'offline')}.`,
  );
}

const SCALE = { min: Number.NEGATIVE_INFINITY, max: 0 };
/** Texts between two checks of the signal: about ten milliseconds. */
const TEXTS_AT_A_TIME = 256;

/** The mean log-probability of the tokens of instruction and input under a model. One call per item. */
export function likelihoodMeasure(model: LikelihoodModel, instructions: readonly Instruction[]): Measure {
  return itemMeasure({
    name: `log-probability by ${model.name}`,
    shortName: `log-probability by ${model.shortName}`,
    scale: SCALE,
    isScore: false,
    concurrency: model.concurrency,
    estimate: (position, options) => model.estimate(conversationText(instructions[position]!), options),
    measure: async (position, { generation, signal }) => {
      const item = instructions[position]!;
      const measured = await model.likelihood(conversationText(item), { subject: item.id, generation, signal });
      const { meanLogprob, tokens, model: snapshot, costMicroUsd } = measured;
      return {
        value: meanLogprob,
        reason: `mean log-probability ${meanLogprob.toFixed(2)} over ${tokens.toLocaleString('en-US')} ${tokens === 1 ? 'token' : 'tokens'}`,
        model: snapshot,
        costMicroUsd,
      };
    },
  });
}

/**
 * The same without an LLM: the mean log-probability of the characters under a model of all other texts of the pool. It
 * shows what is unusual for the pool, while a real model shows what is unusual for the language.
 */
export function poolLikelihoodMeasure(instructions: readonly Instruction[]): Measure {
  let learned: CharacterModel | undefined;
  return {
    name: 'offline character 5-grams of the pool',
    shortName: 'offline character 5-grams of the pool',
    scale: SCALE,
    isScore: false,
    estimate: async () => NO_CALLS,
    measure: async (positions, { signal, onMeasured }): Promise<Measured> => {
      const values = new Float64Array(positions.length).fill(Number.NaN);
      learned ??= await learn(instructions, signal);
      let done = 0;
      while (learned && done < positions.length && !signal?.aborted) {
        const end = Math.min(done + TEXTS_AT_A_TIME, positions.length);
        for (; done < end; done += 1)
          values[done] = learned.leaveOneOut(conversationText(instructions[positions[done]!]!));
        onMeasured?.(done);
        await setImmediate();
      }
      return {
        values,
        reasons: Array.from(values, (value) =>
          Number.isNaN(value) ? undefined : `mean log-probability ${value.toFixed(2)} per character`,
        ),
        costMicroUsd: positions.map(() => 0),
        model: null,
        failed: [],
        unmeasured: positions.length - done,
        ...(done < positions.length ? { stopped: { by: 'interrupt', error: signal?.reason as Error } } : {}),
      };
    },
  };
}

/** @returns undefined when interrupted */
async function learn(
  instructions: readonly Instruction[],
  signal: AbortSignal | undefined,
): Promise<CharacterModel | undefined> {
  const model = new CharacterModel();
  for (const [position, item] of instructions.entries()) {
    if (position % TEXTS_AT_A_TIME === 0) await setImmediate();
    if (signal?.aborted) return undefined;
    model.add(conversationText(item));
  }
  return model;
}
