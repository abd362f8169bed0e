import { doublings, type ExpertFeature, feature, occurrences, perWord } from './expert-feature.ts';
import { INSTRUCTION_KINDS, instructionKind } from './read-pair.ts';

const MOST_WORDS_A_SENTENCE = 40;
/** Longer words are rare in plain text. */
const LONG_WORD_LETTERS = 7;
/** Length by steps: the tenth word says more than the hundredth. */
const LENGTH_STEPS = [10, 25, 50, 100, 200] as const;
/** Characters by which a repeated beginning is told. */
const INPUT_OPENING = 40;
const INSTRUCTION_OPENING = 15;
const ITEM = /^(?:- |\d{1,3}\. )/gm;

const yes = (holds: boolean) => (holds ? 1 : 0);
const wordsOf = (sentence: string) => sentence.split(' ').length;
const share = (name: string, pattern: RegExp) =>
  feature(`share of ${name}`, 'style', (pair) => perWord(occurrences(pair.response, pattern), pair));

/** Length by kind of instruction, sentences, openings, endings and little words. See EXPERT_FEATURES. */
export const SHAPE_FEATURES: readonly ExpertFeature[] = [
  feature('characters', 'length', ({ response }) => doublings(response.length)),
  ...LENGTH_STEPS.map((most) => feature(`words up to ${most}`, 'length', ({ words }) => Math.min(most, words.length))),
  ...INSTRUCTION_KINDS.map((kind) =>
    feature(`words where asked to ${kind}`, 'length', ({ instruction, words }) =>
      instructionKind(instruction) === kind ? doublings(words.length) : 0,
    ),
  ),
  feature(
    'words to words asked',
    'length',
    ({ words, instructionWords }) => doublings(words.length) - doublings(instructionWords.length),
  ),
  feature('words to words given', 'length', ({ words, inputWords }) =>
    inputWords.length === 0 ? 0 : doublings(words.length) - doublings(inputWords.length),
  ),
  feature('longest line', 'layout', ({ response }) =>
    doublings(response.split('\n').reduce((most, line) => Math.max(most, line.length), 0)),
  ),
  feature('items where a list is asked', 'layout', ({ instruction, response }) =>
    instructionKind(instruction) === 'list' ? doublings(occurrences(response, ITEM)) : 0,
  ),
  feature('ends a sentence', 'layout', ({ response }) => yes(/[.!?:"')\]]$/.test(response))),
  feature('starts with a capital', 'layout', ({ response }) => yes(/^\p{Lu}/u.test(response))),
  feature('starts with a lead-in', 'layout', ({ response }) => yes(/^(?:here|the following)/i.test(response))),
  feature('starts with an assurance', 'style', ({ response }) => yes(/^(?:sure|certainly|of course)/i.test(response))),
  feature('words of the first sentence', 'style', ({ sentences: [first = ''] }) => boundedWords(first)),
  feature('words of the last sentence', 'style', ({ sentences }) => boundedWords(sentences.at(-1) ?? '')),
  feature('spread of sentence lengths', 'style', ({ sentences }) => spread(sentences.map(wordsOf))),
  feature('letters a word', 'style', ({ words }) =>
    words.length === 0 ? 0 : words.reduce((sum, { length }) => sum + length, 0) / words.length,
  ),
  feature('share of long words', 'style', (pair) =>
    perWord(pair.words.filter(({ length }) => length >= LONG_WORD_LETTERS).length, pair),
  ),
  share('capitals', /\p{Lu}/gu),
  share('forms of be', /\b(?:was|were|been|being|is|are)\b/g),
  share('relative words', /\b(?:which|who|that)\b/g),
  share('and, or', /\b(?:and|or)\b/g),
  share('by, with, for, from', /\b(?:by|with|for|from)\b/g),
  share('negations', /\b(?:not|no|never)\b|n't\b/g),
  share('sentence ends', /[.!?](?=\s|$)/g),
  feature('words that were given', 'relation', (pair) => {
    const given = new Set(pair.inputWords);
    return perWord(pair.words.filter((word) => given.has(word)).length, pair);
  }),
  feature('repeats how the input starts', 'relation', ({ input, response }) =>
    yes(input !== '' && response.includes(input.slice(0, INPUT_OPENING))),
  ),
  feature('starts as the instruction does', 'relation', ({ instruction, response }) =>
    yes(response.toLowerCase().startsWith(instruction.toLowerCase().slice(0, INSTRUCTION_OPENING))),
  ),
];

function boundedWords(sentence: string): number {
  return Math.min(MOST_WORDS_A_SENTENCE, wordsOf(sentence));
}

function spread(lengths: readonly number[]): number {
  if (lengths.length === 0) return 0;
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  const variance = lengths.reduce((sum, length) => sum + (length - mean) ** 2, 0) / lengths.length;
  return Math.min(MOST_WORDS_A_SENTENCE, Math.sqrt(variance));
}
