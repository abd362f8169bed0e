import { chatMessages, openAiMessages, openAiTools } from '../../domain/chat-messages.ts';
import { requestText } from '../../domain/conversation.ts';
import type { Correction } from '../../domain/label.ts';
import { linesFormat } from './correction-format.ts';
import { isPair, margin, type Pair } from './substance.ts';

/**
 * The person's answer is chosen, the model's rejected. `margin` says how far apart they are (see there); TRL's
 * RewardTrainer uses it. Where any item is a conversation, all are lists of messages, since TRL takes one type in a file.
 */
export const preferenceFormat = linesFormat({
  name: 'preference',
  summary: 'TRL: prompt, chosen, rejected and margin, for DPO and reward models',
  source: 'https://huggingface.co/docs/trl/dataset_formats#preference',
  takes: isPair,
  records: (correction, { hasContext }) => {
    const pair = correction as Pair;
    const { response: chosen, answer: rejected } = pair;
    return [{ ...prompt(pair, hasContext), ...answers({ chosen, rejected }, hasContext), margin: margin(pair) }];
  },
});

/**
 * Answers with a label of their own: a draft that was kept is good, one that was edited or rejected is not, and what the
 * person wrote instead is good.
 */
export const unpairedPreferenceFormat = linesFormat({
  name: 'unpaired-preference',
  summary: 'TRL: prompt, completion and whether it is good, for KTO',
  source: 'https://huggingface.co/docs/trl/dataset_formats#unpaired-preference',
  takes: (correction) => correction.decision !== 'edited' || isPair(correction),
  records: (correction, { hasContext }) => {
    const record = (completion: string, label: boolean) => ({
      ...prompt(correction, hasContext),
      ...answers({ completion }, hasContext),
      label,
    });
    const { answer, decision } = correction;
    const about = record(answer, decision === 'kept');
    return isPair(correction) ? [about, record(correction.response, true)] : [about];
  },
});

function prompt(correction: Correction, hasContext: boolean): object {
  if (!hasContext) return { prompt: requestText(correction) };
  return { prompt: openAiMessages(chatMessages(correction)), ...openAiTools(correction) };
}

function answers(texts: Readonly<Record<string, string>>, hasContext: boolean): object {
  if (!hasContext) return texts;
  return Object.fromEntries(Object.entries(texts).map(([name, content]) => [name, [{ role: 'assistant', content }]]));
}
