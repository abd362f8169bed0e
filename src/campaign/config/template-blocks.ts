import { declaredOptions } from '../../domain/options.ts';
import { defaultStrategy, STRATEGIES } from '../../selection/strategies/registry.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import type { TemplateAnswers, TrainerAnswer } from './template-answers.ts';
import { commentLines, dollars, indented, priceText, scalar } from './template-text.ts';

/** Characters of strategy names in a line of comments. */
const WIDEST_NAMES = 100;
const SELECT_LLM_OPTIONS = '#options: { partition: diverse, perQuery: 10, itemsPerQuery: 40, votes: 1 }';

/** The LLM that was asked for, and other providers as comments. */
export function modelLines({ provider = 'offline', model, baseUrl, price, pricedAs }: TemplateAnswers): string {
  const chosen = [
    `provider: ${provider}${provider === 'offline' ? '   # a built-in stand-in: free, but understands nothing' : ''}`,
    ...(model === undefined ? [] : [`model: ${scalar(model)}`]),
    ...(baseUrl === undefined ? [] : [`baseUrl: ${scalar(baseUrl)}`]),
    ...(price === undefined ? [] : [`price: ${priceText(price)}   # US dollars per million tokens`]),
    ...(pricedAs === undefined ? [] : [`pricedAs: ${scalar(pricedAs)}   # its price, context and thinking count`]),
  ];
  const others = [
    '# OpenAI or, in the same way, anthropic:',
    '#provider: openai',
    '#model: gpt-4o-mini',
    "# Your own server with OpenAI's API, and its price in US dollars per million tokens:",
    '#provider: compatible',
    '#model: qwen2.5-72b-instruct',
    '#baseUrl: http://localhost:8000/v1',
    '#price: { input: 0, output: 0 }',
  ];
  return indented(2, [...chosen, ...others]);
}

/** The quality filter; a comment where the preset has none. */
export function qualityLines(preset: TemplateAnswers['preset']): string {
  const why =
    '# Judge every instruction first (0-5) and leave the bad ones out. The LLM is asked once per instruction.';
  return preset === 'mods' ? `${why}\nquality:\n  threshold: 2.5` : `${why}\n#quality:\n#  threshold: 2.5`;
}

/** How the first round is chosen. @param count its labels */
export function seedLines({ preset, provider = 'offline' }: TemplateAnswers, count: number): string {
  const hasLlm = provider !== 'offline';
  const strategy = hasLlm && preset === 'mods' ? 'k-center' : defaultStrategy(hasLlm);
  const others = STRATEGIES.names.filter((name) => name !== strategy);
  return indented(4, [
    `strategy: ${strategy}   # or:`,
    ...commentLines(others, WIDEST_NAMES),
    `count: ${count}`,
    ...(strategy === 'selectllm'
      ? [
          '# How selectllm asks:',
          SELECT_LLM_OPTIONS,
          '# Cover the pool without an LLM:',
          '#strategy: facility-location',
        ]
      : ['# Have an LLM choose (name it in llm):', '#strategy: selectllm', SELECT_LLM_OPTIONS]),
  ]);
}

/** How later rounds are chosen. */
export function necessityLines(preset: TemplateAnswers['preset']): string {
  return preset === 'mods'
    ? indented(4, [
        'select: mods   # what the model fails at, by k-center, as in the MoDS paper',
        '# Cover all that is unlabeled; failures count up to 1 + failureWeight times as much:',
        '#select: pool',
        '#failureWeight: 3',
        '# Or let the LLM choose among the failures:',
        '#select: selectllm',
      ])
    : indented(4, [
        'select: pool   # cover all that is unlabeled',
        '# The same, but the worst failure counts four times as much as what passed:',
        '#failureWeight: 3',
        '# Only what the model fails at: as in the MoDS paper, by facility location (cover) or chosen by the LLM (selectllm):',
        '#select: mods',
      ]);
}

/** The trainer that was asked for, and other trainers as comments. */
export function trainerLines(trainer: TrainerAnswer): string {
  const others = [
    '# Your own training command; docs/trainers.md describes its input and output:',
    '#kind: command',
    '#command: ./train.sh',
    '#worstCaseUsd: 0   # the most that one training can cost',
    '# OpenAI fine-tuning, with its prices in US dollars per million tokens:',
    '#kind: openai',
    '#model: gpt-4o-mini-2024-07-18',
    '#trainingPrice: 3.00',
    '#price: { input: 0.30, output: 1.20 }',
  ];
  switch (trainer.kind) {
    case 'retrieval':
      return indented(2, [
        'kind: retrieval   # answers with the label that similar instructions agree on: weak, free, immediate',
        '# Answers with the nearest label:',
        '#kind: nearest-neighbour',
        ...others,
      ]);
    case 'nearest-neighbour':
      return indented(2, [
        'kind: nearest-neighbour   # answers with the nearest label: weak, free, immediate',
        ...others,
      ]);
    case 'own':
      return indented(2, [...ownTrainerLines(trainer.name), ...others]);
    case 'command':
      return indented(2, [
        'kind: command',
        `command: ${scalar(trainer.command)}`,
        `worstCaseUsd: ${dollars(trainer.worstCaseMicroUsd)}   # the most that one training can cost`,
        ...others,
      ]);
    case 'openai':
      return indented(2, [
        'kind: openai',
        `model: ${scalar(trainer.model)}`,
        `trainingPrice: ${dollars(trainer.trainingMicroUsd)}   # US dollars per million tokens`,
        `price: ${priceText(trainer.price)}`,
        ...others,
      ]);
  }
}

/** Options without a default stand there to be filled in, the others as comments. */
function ownTrainerLines(name: string): string[] {
  const { summary, options } = TRAINERS.find(name);
  const lines = declaredOptions(options).map(({ name: option, description, schema, defaultValue }) =>
    schema.safeParse(undefined).success
      ? `#${option}: ${defaultValue === undefined ? '…' : JSON.stringify(defaultValue)}   # ${inComment(description)}`
      : `${option}:   # required: ${inComment(description)}`,
  );
  return [`kind: ${scalar(name)}   # ${inComment(summary)}`, ...lines];
}

/** What a plugin says of itself cannot end a comment. */
function inComment(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
