import { setImmediate } from 'node:timers/promises';
import { contextText } from '../../domain/conversation.ts';
import { ReplyError, UsageError } from '../../domain/errors.ts';
import { embeddingText, type Instruction } from '../../domain/instruction.ts';
import { NO_CALLS, sumCallCosts } from '../../domain/usage.ts';
import { option, sentence } from '../../domain/wording.ts';
import type { LikelihoodModel, TextLikelihood } from '../../models/likelihood-model.ts';
import { CharacterModel } from '../../text/character-model.ts';
import { itemMeasure } from './item-measure.ts';
import { withoutLikelihoods } from './likelihood-measure.ts';
import type { Measure, Measured, MeasureKind } from './measure.ts';
import { NO_RESPONSE } from './response-source.ts';

/** Name of the measure. */
export const IFD = 'ifd';
const RESPONSE = '### Response:';
const SCALE = { min: 0, max: Number.POSITIVE_INFINITY };
/** Items between two checks of the signal: about ten milliseconds. */
const ITEMS_AT_A_TIME = 64;

/** Instruction-following difficulty, as a kind of measure. */
export const ifdMeasureKind: MeasureKind = {
  name: IFD,
  summary: 'loss of the response after the instruction, divided by its loss alone',
  of: 'response',
  needs: 'likelihoods',
  task: 'IFD',
  prompts: () => [],
  open: async (_options, instructions, sources) => {
    if (instructions.every(({ output }) => output === undefined)) {
      throw new UsageError(
        `IFD compares responses with their instructions, but none of the ${instructions.length} instructions has a response.`,
        sentence`Name their field with ${option('fields.output')}, or use a strategy that needs none.`,
      );
    }
    if (sources.providers.writing === 'offline') return poolIfdMeasure(instructions);
    const { likelihoods, provider } = await sources.writer();
    if (!likelihoods) throw withoutLikelihoods(provider, 'IFD');
    return ifdMeasure(likelihoods, instructions);
  },
};

/**
 * IFD under a language model: mean loss of the response's tokens after the instruction ÷ their mean loss alone. Near 1, the
 * instruction does not help to say the response; above 1, it misleads. Losses of a part are those of the whole less those
 * of what comes before it. Three requests per item, and one for all.
 * Source: Li et al. 2023 (arXiv 2308.12032) §2.2; code tianyi-lab/Cherry_LLM for the form of the texts. Superfiltering
 * (arXiv 2402.00530): small models rank nearly as large ones do.
 */
export function ifdMeasure(model: LikelihoodModel, instructions: readonly Instruction[]): Measure {
  const textsOf = (position: number) => {
    const { instruction, input, output = '' } = instructions[position]!;
    const earlier = contextText(instructions[position]!);
    const prompt = `${earlier === undefined ? '' : `${earlier}\n\nUser: `}${instruction}${input === undefined ? '' : `\nInput:${input}`}\n\n${RESPONSE}`;
    return { whole: prompt + output, prompt, alone: RESPONSE + output, opening: RESPONSE };
  };
  return itemMeasure({
    name: `IFD by ${model.name}`,
    shortName: `IFD by ${model.shortName}`,
    scale: SCALE,
    isScore: false,
    concurrency: model.concurrency,
    estimate: (position, options) => {
      if (instructions[position]!.output === undefined) return NO_CALLS;
      const { whole, prompt, alone } = textsOf(position);
      return sumCallCosts([whole, prompt, alone].map((text) => model.estimate(text, options)));
    },
    measure: async (position, { generation, signal }) => {
      const item = instructions[position]!;
      if (item.output === undefined) throw new ReplyError(NO_RESPONSE);
      const { whole, prompt, alone, opening } = textsOf(position);
      const asked: TextLikelihood[] = [];
      for (const text of [whole, prompt, alone, opening]) {
        asked.push(await model.likelihood(text, { subject: item.id, generation, signal }));
      }
      const [afterPrompt, promptOnly, afterOpening, openingOnly] = asked as [
        TextLikelihood,
        TextLikelihood,
        TextLikelihood,
        TextLikelihood,
      ];
      const costMicroUsd = asked.reduce((sum, one) => sum + one.costMicroUsd, 0);
      const conditional = lossOfRest(afterPrompt, promptOnly);
      const direct = lossOfRest(afterOpening, openingOnly);
      if (conditional === undefined || direct === undefined || direct === 0) {
        throw new ReplyError('the response is empty, or the instruction leaves no room to read it.', costMicroUsd);
      }
      const value = conditional / direct;
      return { value, reason: `IFD ${value.toFixed(2)}`, model: afterPrompt.model, costMicroUsd };
    },
  });
}

/** Mean loss of the tokens of a text that come after its beginning; undefined when there are none. */
function lossOfRest(whole: TextLikelihood, beginning: TextLikelihood): number | undefined {
  const tokens = whole.tokens - beginning.tokens;
  if (tokens <= 0) return undefined;
  return Math.max(0, (beginning.meanLogprob * beginning.tokens - whole.meanLogprob * whole.tokens) / tokens);
}

/**
 * A stand-in without an LLM: the losses are those of a character model of the pool's other responses, with the
 * characters of the instruction as further observations for the loss after it (a cache model, Kuhn & De Mori 1990). It
 * sees which words a response takes from its instruction, and nothing of their meaning.
 */
export function poolIfdMeasure(instructions: readonly Instruction[]): Measure {
  let learned: CharacterModel | undefined;
  return {
    name: 'IFD by offline character 5-grams of the responses',
    shortName: 'IFD by offline character 5-grams of the responses',
    scale: SCALE,
    isScore: false,
    estimate: async () => NO_CALLS,
    measure: async (positions, { signal, onMeasured }): Promise<Measured> => {
      const values = new Float64Array(positions.length).fill(Number.NaN);
      if (!learned) {
        learned = new CharacterModel();
        for (const { output } of instructions) if (output !== undefined) learned.add(output);
      }
      const failed: { position: number; failure: string }[] = [];
      let done = 0;
      for (; done < positions.length && !signal?.aborted; done += 1) {
        if (done % ITEMS_AT_A_TIME === 0) await setImmediate();
        const item = instructions[positions[done]!]!;
        if (item.output === undefined) failed.push({ position: positions[done]!, failure: NO_RESPONSE });
        else
          values[done] = learned.leaveOneOutAfter(item.output, embeddingText(item)) / learned.leaveOneOut(item.output);
        onMeasured?.(done + 1);
      }
      return {
        values,
        reasons: Array.from(values, (value) => (Number.isNaN(value) ? undefined : `IFD ${value.toFixed(2)}`)),
        costMicroUsd: positions.map(() => 0),
        model: null,
        failed,
        unmeasured: positions.length - done,
        ...(done < positions.length ? { stopped: { by: 'interrupt', error: signal?.reason as Error } } : {}),
      };
    },
  };
}
