import { substance } from '../offline/response-content.ts';
import { BLEMISHES, DEMANDS } from '../offline/response-flaws.ts';
import { isTelling, type PairReading, telling } from './read-pair.ts';

/** What a feature is about, and what a reason says where that speaks for or against the response. */
export const THEMES = {
  length: { good: 'says much', bad: 'says little' },
  layout: { good: 'set out clearly', bad: 'set out badly' },
  relation: { good: 'takes up what is asked', bad: 'takes up little of what is asked' },
  style: { good: 'written for its reader', bad: 'written for nobody in particular' },
  flaws: { good: 'free of flaws', bad: 'declines, echoes, repeats itself or breaks off' },
  wording: { good: 'worded as experts word it', bad: 'worded as drafts are' },
} as const;
export type Theme = keyof typeof THEMES;

export interface ExpertFeature {
  /** Stable: a weights file names it. */
  readonly name: string;
  readonly theme: Theme;
  /** Finite, bounded, the same for every spelling of the text. */
  readonly value: (pair: PairReading) => number;
}

const doublings = (count: number) => Math.log2(1 + count);
/** Shares of a few words say little: five more are assumed to be there, without what is counted. */
const perWord = (count: number, { words }: PairReading) => count / (words.length + 5);
const occurrences = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const SHORT_ANSWER_WORDS = 12;
const MOST_WORDS_A_SENTENCE = 40;

// A line of a list, once its mark is in plain spelling.
const ITEM = /^(?:- |\d{1,3}\. )/gm;
const TITLED_LINE = /^(?:- |\d{1,3}\. )?[^\n:]{2,40}: \S/gm;
const LEAD_IN = /^[^\n]{3,200}:\n/;
const SHORT_ANSWER =
  /\b(?:classify|categorize|identify|true or false|yes or no|(?:one|single) word|name (?:a|the|one)|what is the|calculate|solve|convert|choose|select|which of|find the|fill in|label|tag|sort|arrange|count|how many|sentence)\b/i;
const CONNECTIVES = words(
  'because however therefore although while which also additionally moreover furthermore since thus whereas such including both but overall',
);
const HEDGES = words('may might can could often usually generally typically likely perhaps depending depends');
const WRITER = words("i my me i'm i've we our us");
const READER = words('you your yours yourself');
const FUNCTION_WORDS = words('the a an of and to in is that it as on with by this be are or from at');

/**
 * The dense features, in the order of their weights. None reads the instruction alone: what an instruction is like must
 * not decide between responses to it, nor lift all of them above those of another.
 */
export const EXPERT_FEATURES: readonly ExpertFeature[] = [
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
    sharedPart(new Set(instructionWords.filter(isTelling)), distinctWords),
  ),
  feature('material-and-said', 'relation', ({ inputWords, distinctWords }) =>
    sharedPart(new Set(inputWords.filter(isTelling)), distinctWords),
  ),
  feature('said-and-asked', 'relation', ({ instructionWords, tellingWords }) =>
    sharedPart(tellingWords, new Set(instructionWords)),
  ),
  feature('said-and-material', 'relation', ({ inputWords, tellingWords }) =>
    sharedPart(tellingWords, new Set(inputWords)),
  ),
  feature('opens-with-what-is-asked', 'relation', ({ words, instructionWords }) =>
    sharedPart(telling(words.slice(0, 12)), new Set(instructionWords)),
  ),
  ...[...BLEMISHES, ...DEMANDS].map(({ note, keeps }) =>
    feature(`flaw: ${note}`, 'flaws', (pair) => (mayHave(note, pair) ? 1 - keeps(pair) : 0)),
  ),
];

function feature(name: string, theme: Theme, value: ExpertFeature['value']): ExpertFeature {
  return { name, theme, value };
}

function words(list: string): readonly string[] {
  return list.split(' ');
}

function wordShare(pair: PairReading, wanted: readonly string[]): number {
  return perWord(
    wanted.reduce((sum, word) => sum + (pair.counts.get(word) ?? 0), 0),
    pair,
  );
}

/** The share of the first that is in the second as well; 0 of nothing. */
function sharedPart(of: ReadonlySet<string>, within: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of of) if (within.has(word)) shared += 1;
  return of.size === 0 ? 0 : shared / of.size;
}

/** Echoes and repetitions cost the most to look for: only where a glance does not rule them out. */
function mayHave(note: string, pair: PairReading): boolean {
  if (note.startsWith('echoes')) return couldBeEcho(pair);
  // Runs of words that come again are made of words that come again.
  if (note.startsWith('repeats')) return pair.distinctWords.size < 0.7 * pair.words.length;
  return true;
}

/** An echo is about as long as what it echoes. */
function couldBeEcho({ words, instructionWords, inputWords }: PairReading): boolean {
  const [asked, given] = [instructionWords.length, inputWords.length];
  return [asked, given, asked + given].some((length) => words.length >= 0.7 * length && words.length <= 2.5 * length);
}
