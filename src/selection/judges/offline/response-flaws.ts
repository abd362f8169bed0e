import { splitWords } from '../../../text/words.ts';
import { type Flaw, type ResponseReading, ramp } from './response-reading.ts';

export const ECHO: Flaw = {
  name: 'echoes what it was given',
  note: 'repeats the request',
  keeps: (reading) => 1 - 0.8 * ramp(echoShare(reading), 0.8, 1),
};
export const REPETITION: Flaw = {
  name: 'repeats itself',
  note: 'repeats itself',
  keeps: (reading) => 1 - 0.6 * ramp(repeatedShare(reading), 0.3, 0.8),
};

/** Flaws that do not depend on the request: a refusal, an echo, repetition, a cut. The shares they keep are set by hand. */
const GENERAL_FLAWS: readonly Flaw[] = [
  { name: 'holds no words', note: 'no words', keeps: ({ words }) => (words.length === 0 ? 0.5 : 1) },
  { name: 'declines or hedges', note: 'refuses or hedges', keeps: (reading) => (declines(reading) ? 0.5 : 1) },
  ECHO,
  REPETITION,
  { name: 'ends in mid-sentence', note: 'ends mid-sentence', keeps: (reading) => (isCutOff(reading) ? 0.7 : 1) },
  {
    name: 'holds damaged text',
    note: 'contains damaged text',
    keeps: ({ response }) => (response.includes('\uFFFD') ? 0.8 : 1),
  },
];

/** Refusals come at the start. */
const OPENING_CHARACTERS = 300;
const DECLINES =
  /\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model)|i(?: am|['’]m) (?:just |only )?an? (?:ai|(?:large )?language model)|i(?: am|['’]m) (?:sorry|afraid|unable|not able)|(?:i )?apologi[sz]e|i (?:can ?not|can['’]t|do not|don['’]t) (?:answer|help|assist|provide|know|have (?:access|enough|information)|understand)|unable to (?:provide|answer|help|assist|complete))\b/i;
const APOLOGY_ASKED = /\b(?:sorry|apolog|refus|declin|complain|dialogue|conversation|story|letter|email|reply|respon)/i;

function declines({ instruction, response }: ResponseReading): boolean {
  return DECLINES.test(response.slice(0, OPENING_CHARACTERS)) && !APOLOGY_ASKED.test(instruction);
}

/** Echoes are found by runs of this many words. */
const RUN_WORDS = 4;

/**
 * How far a response copies the instruction, the input, or both: the share of its runs of words that come from there, or
 * the share of the source's runs that it repeats, whichever is less. So neither an extract nor an answer that restates
 * the question counts as a copy.
 */
function echoShare({ words, instructionWords, inputWords }: ResponseReading): number {
  const given = runsOf(words, RUN_WORDS);
  const sources = [instructionWords, inputWords, [...instructionWords, ...inputWords]];
  return Math.max(...sources.map((source) => likeness(given, runsOf(source, RUN_WORDS))));
}

function likeness(given: ReadonlySet<string>, source: ReadonlySet<string>): number {
  const shared = [...given].filter((run) => source.has(run)).length;
  return shared / Math.max(1, given.size, source.size);
}

/** The different runs of `length` neighbouring words; a shorter text is one run. */
function runsOf(words: readonly string[], length: number): Set<string> {
  if (words.length === 0) return new Set();
  const runs = new Set<string>();
  for (let end = Math.min(length, words.length); end <= words.length; end += 1) {
    runs.add(words.slice(Math.max(0, end - length), end).join(' '));
  }
  return runs;
}

/** In [0, 1): the share of the response's runs of three words that repeat an earlier run. */
function repeatedShare({ words }: ResponseReading): number {
  const count = words.length - 2;
  return count < 10 ? 0 : 1 - runsOf(words, 3).size / count;
}

/** Shorter answers need no full stop. */
const WHOLE_SENTENCE_WORDS = 40;
/** Shorter lines, as in lists and verse, need none either. */
const LONG_LINE_WORDS = 12;
const DANGLING = /(?:[,(–—]|\b(?:and|or|the|an?|of|to|with|because|such as))$|(?:^|\n)\s*\d{1,3}[.)]$/i;
const ENDED = /[\p{P}\p{S}\p{N}]$/u;

function isCutOff({ response, words }: ResponseReading): boolean {
  if (DANGLING.test(response)) return words.length > 3;
  const lastLine = response.slice(response.lastIndexOf('\n') + 1);
  return (
    words.length >= WHOLE_SENTENCE_WORDS && lastLine.split(/\s+/).length >= LONG_LINE_WORDS && !ENDED.test(response)
  );
}

/** Requests of the instruction that a response may miss. The cues are English, except for scripts. */
const REQUEST_FLAWS: readonly Flaw[] = [
  {
    name: 'is in another script',
    note: 'written in a different script',
    keeps: (reading) => (isInAnotherScript(reading) ? 0.3 : 1),
  },
  { name: 'shows no code', note: 'missing code', keeps: (reading) => (lacksCode(reading) ? 0.7 : 1) },
  {
    name: 'gives fewer items than asked',
    note: 'fewer items than requested',
    keeps: (reading) => 0.6 + 0.4 * Math.min(1, givenShare(reading)),
  },
  {
    name: 'is longer than asked',
    note: 'longer than requested',
    keeps: (reading) => 1 - 0.4 * ramp(lengthShare(reading), 1.2, 4),
  },
];

/** Every flaw, in the order of the weights of expert scorers. */
export const RESPONSE_FLAWS: readonly Flaw[] = [...GENERAL_FLAWS, ...REQUEST_FLAWS];

const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Devanagari', 'Thai', 'Hangul', 'Han'] as const;
const SCRIPT_LETTERS = SCRIPTS.map((script) => new RegExp(String.raw`\p{sc=${script}}`, 'gu'));
const KANA = /[\p{sc=Hiragana}\p{sc=Katakana}]/gu;
/** Fewer letters do not show a text's script: "CEO", "東京". */
const SCRIPT_EVIDENCE_LETTERS = 20;
const OTHER_LANGUAGE =
  /\b(?:translat\w*|\w*language|(?:in|into|to) (?:\p{Lu}\p{Ll}+)|arabic|chinese|greek|hebrew|hindi|japanese|korean|mandarin|russian|thai|english)\b|翻[译訳譯]|перевед|ترجم/iu;

/** Whether most letters of the response belong to a script that the prompt does not use, and no language is requested. */
function isInAnotherScript({ instruction, input, response }: ResponseReading): boolean {
  const asked = scriptOf(instruction);
  const given = scriptOf(response);
  if (asked === undefined || given === undefined || asked === given || OTHER_LANGUAGE.test(instruction)) return false;
  return scriptOf(input) !== given;
}

/** @returns the script of more than half of the letters, Japanese under Han; undefined where there are too few */
function scriptOf(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (letters < SCRIPT_EVIDENCE_LETTERS) return undefined;
  const counts = SCRIPT_LETTERS.map((pattern) => text.match(pattern)?.length ?? 0);
  counts[SCRIPTS.indexOf('Han')]! += text.match(KANA)?.length ?? 0;
  return SCRIPTS.find((_, i) => counts[i]! > letters / 2);
}

const CODE_ASKED =
  /\b(?:write|implement|create|develop|code|give|show)\b[^.?!\n]{0,60}\b(?:function|script|program|code|sql|query|regex|regular expression|class|algorithm|macro|shell command)\b/i;
const CODE_LANGUAGE =
  /\b(?:python|java|javascript|typescript|c\+\+|sql|bash|shell|php|ruby|rust|golang|html|css|regex)\b/i;
const CODE_SIGNS =
  /```|`[^`\n]+`|[{};]\s*(?:\n|$)|[\w)]\s?(?:==?|=>|\+=)\s?["'\w([{]|\w\([^)\n]*\)|<\/?\w+>|\b(?:SELECT|def|import|return)\b/m;

function lacksCode({ instruction, response }: ResponseReading): boolean {
  return CODE_ASKED.test(instruction) && CODE_LANGUAGE.test(instruction) && !CODE_SIGNS.test(response);
}

const NUMBER_WORDS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const AMOUNT = String.raw`(\d{1,3}|${NUMBER_WORDS.slice(1).join('|')})`;
const ITEMS_ASKED = new RegExp(
  String.raw`\b(?:list|give(?: me)?|name|provide|suggest|write|recommend|generate|tell me|come up with|propose|top)\s+(?:(?:a list of|the|top|me|at least|exactly|up to)\s+)*${AMOUNT}\s+(?!(?:words?|sentences?|paragraphs?|pages?|stars?|letters?|minutes?|hours?|days?|weeks?|months?|years?|percent|lines?|stanzas?)\b)(?:[\p{L}-]+\s+){0,3}?[\p{L}-]+s\b`,
  'iu',
);

/** An upper bound on the share of the requested items that the response gives, since items come in many forms; 1 when none are requested. */
function givenShare({ instruction, response, sentences }: ResponseReading): number {
  const amount = ITEMS_ASKED.exec(instruction)?.[1];
  if (amount === undefined) return 1;
  const lines = response.split('\n').filter((line) => line.trim() !== '').length;
  const parts = response.split(/[,;、，]|\band\b/).length;
  const numbered = response.match(/(?:^|\s)\(?\d{1,3}[.):]/g)?.length ?? 0;
  return Math.max(lines, parts, numbered, sentences.length) / Math.max(1, numberOf(amount));
}

const LIMIT = new RegExp(
  String.raw`\b(?:in|at most|under|up to|no more than|fewer than|less than|maximum(?: of)?|within|exactly|only|using)\s+(?:about |around |only |just |exactly )?(\d{1,4}|${NUMBER_WORDS.join('|')}|a(?: single)?)\s+(?:\p{L}+\s+)?(words?|sentences?)\b`,
  'iu',
);

/** The response's length divided by the length that the instruction allows; 0 when it sets no limit. */
function lengthShare({ instruction, words, sentences }: ResponseReading): number {
  const limit = LIMIT.exec(instruction);
  if (limit === null) return 0;
  const allowed = Math.max(1, numberOf(limit[1]!));
  return (
    (/^w/i.test(limit[2]!) ? words.length : sentences.filter((line) => splitWords(line).length > 1).length) / allowed
  );
}

function numberOf(amount: string): number {
  const position = NUMBER_WORDS.indexOf(amount.toLowerCase());
  if (position >= 0) return position + 1;
  return /^\d+$/.test(amount) ? Number(amount) : 1;
}
