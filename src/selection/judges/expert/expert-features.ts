import { substance } from '../offline/response-content.ts';
import { ECHO, REPETITION, RESPONSE_FLAWS } from '../offline/response-flaws.ts';
import type { Flaw } from '../offline/response-reading.ts';
import { doublings, type ExpertFeature, feature, occurrences, perWord } from './expert-feature.ts';
import { contentWordsOf, isContentWord, type PairReading } from './read-pair.ts';
import { SHAPE_FEATURES } from './shape-features.ts';

const SHORT_ANSWER_WORDS = 12;
const MOST_WORDS_A_SENTENCE = 40;

// A line of a list, with its mark in plain spelling.
const ITEM = /^(?:- |\d{1,3}\. )/gm;
const TITLED_LINE = /^(?:- |\d{1,3}\. )?[^\n:]{2,40}: \S/gm;
const LEAD_IN = /^[^\n]{3,200}:\n/;
const SHORT_ANSWER =
  /\b(?:classify|categorize|identify|true or false|yes or no|(?:one|single) word|name (?:a|the|one)|what is the|calculate|solve|convert|choose|select|which of|find the|fill in|label|tag|sort|arrange|count|how many|sentence)\b/i;
const CONNECTIVES = splitList(
  'because however therefore although while which also additionally moreover furthermore since thus whereas such including both but overall',
);
const HEDGES = splitList('may might can could often usually generally typically likely perhaps depending depends');
const WRITER = splitList("i my me i'm i've we our us");
const READER = splitList('you your yours yourself');
const FUNCTION_WORDS = splitList('the a an of and to in is that it as on with by this be are or from at');

/**
 * The dense features of the first scorers, in the order of their weights. No feature reads the instruction alone: the kind of instruction must
 * not decide between its responses, nor raise all of them above those of another instruction.
 */
export const FEATURES_OF_VERSION_1: readonly ExpertFeature[] = [
  feature('words', 'length', ({ words }) => doublings(words.length)),
  feature('distinct-words', 'length', ({ distinctWords }) => doublings(distinctWords.size)),
  feature('new-substance', 'length', (pair) => substance(pair)),
  feature('sentences', 'length', ({ sentences }) => doublings(sentences.length)),
  feature('variety', 'length', ({ words, distinctWords }) => distinctWords.size / (words.length + 10)),
  feature('words-where-little-is-asked', 'length', ({ instruction, words }) =>
    SHORT_ANSWER.test(instruction) ? doublings(words.length) - doublings(SHORT_ANSWER_WORDS) : 0,
  ),
  feature('words-a-sentence', 'length', ({ words, sentences }) =>
    Math.min(MOST_WORDS_A_SENTENCE, words.length / Math.max(1, sentences.length)),
  ),
  feature('lines', 'layout', ({ counts }) => doublings(counts.get('\n') ?? 0)),
  feature('list-items', 'layout', ({ response }) => doublings(occurrences(response, ITEM))),
  feature('titled-lines', 'layout', ({ response }) => doublings(occurrences(response, TITLED_LINE))),
  feature('lead-in', 'layout', ({ response }) => (LEAD_IN.test(response) ? 1 : 0)),
  ...[',', ':', '(', '"', ';', '?', '!', '-'].map((sign) =>
    feature(`sign ${sign}`, 'layout', (pair) => perWord(pair.counts.get(sign) ?? 0, pair)),
  ),
  feature('serial-comma', 'style', (pair) => perWord(occurrences(pair.response, /, (?:and|or)\b/g), pair)),
  feature('numbers', 'style', (pair) => perWord(occurrences(pair.response, /\d+/g), pair)),
  feature('names', 'style', (pair) => perWord(occurrences(pair.response, /[\p{Ll},] \p{Lu}/gu), pair)),
  feature('examples', 'style', ({ response }) =>
    doublings(occurrences(response, /\b(?:for example|for instance|such as|e\.g\.)/gi)),
  ),
  feature('connectives', 'style', (pair) => wordShare(pair, CONNECTIVES)),
  feature('hedges', 'style', (pair) => wordShare(pair, HEDGES)),
  feature('the-writer', 'style', (pair) => wordShare(pair, WRITER)),
  feature('the-reader', 'style', (pair) => wordShare(pair, READER)),
  feature('function-words', 'style', (pair) => wordShare(pair, FUNCTION_WORDS)),
  feature('asked-and-said', 'relation', ({ instructionWords, distinctWords }) =>
    sharedPart(new Set(instructionWords.filter(isContentWord)), distinctWords),
  ),
  feature('material-and-said', 'relation', ({ inputWords, distinctWords }) =>
    sharedPart(new Set(inputWords.filter(isContentWord)), distinctWords),
  ),
  feature('said-and-asked', 'relation', ({ instructionWords, contentWords }) =>
    sharedPart(contentWords, new Set(instructionWords)),
  ),
  feature('said-and-material', 'relation', ({ inputWords, contentWords }) =>
    sharedPart(contentWords, new Set(inputWords)),
  ),
  feature('opens-with-what-is-asked', 'relation', ({ words, instructionWords }) =>
    sharedPart(contentWordsOf(words.slice(0, 12)), new Set(instructionWords)),
  ),
  ...RESPONSE_FLAWS.map((flaw) =>
    feature(`flaw: ${flaw.name}`, 'flaws', (pair) => (mayHave(flaw, pair) ? 1 - flaw.keeps(pair) : 0)),
  ),
];

/** The dense features, in the order of their weights. */
export const EXPERT_FEATURES: readonly ExpertFeature[] = [...FEATURES_OF_VERSION_1, ...SHAPE_FEATURES];

function splitList(list: string): readonly string[] {
  return list.split(' ');
}

function wordShare(pair: PairReading, wanted: readonly string[]): number {
  return perWord(
    wanted.reduce((sum, word) => sum + (pair.counts.get(word) ?? 0), 0),
    pair,
  );
}

/** The share of the first set's words that are also in the second; 0 for an empty set. */
function sharedPart(of: ReadonlySet<string>, within: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of of) if (within.has(word)) shared += 1;
  return of.size === 0 ? 0 : shared / of.size;
}

/** Echoes and repetitions are expensive to find, so cheap checks rule out most of them. */
function mayHave(flaw: Flaw, pair: PairReading): boolean {
  if (flaw === ECHO) return couldBeEcho(pair);
  // Repeated runs of words consist of repeated words.
  if (flaw === REPETITION) return pair.distinctWords.size < 0.7 * pair.words.length;
  return true;
}

/** An echo is about as long as its source. */
function couldBeEcho({ words, instructionWords, inputWords }: PairReading): boolean {
  const [asked, given] = [instructionWords.length, inputWords.length];
  return [asked, given, asked + given].some((length) => words.length >= 0.7 * length && words.length <= 2.5 * length);
}
