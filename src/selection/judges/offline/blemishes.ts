import { type Flaw, type ResponseReading, ramp } from './response-reading.ts';

/**
 * What can be wrong with a response whatever was asked: a refusal, an echo, repetition, a cut. The shares they keep are
 * set by hand.
 */
export const BLEMISHES: readonly Flaw[] = [
  { note: 'holds no words', keeps: ({ words }) => (words.length === 0 ? 0.5 : 1) },
  { note: 'declines or hedges', keeps: (reading) => (declines(reading) ? 0.5 : 1) },
  { note: 'echoes what it was given', keeps: (reading) => 1 - 0.8 * ramp(echoShare(reading), 0.8, 1) },
  { note: 'repeats itself', keeps: (reading) => 1 - 0.6 * ramp(repeatedShare(reading), 0.3, 0.8) },
  { note: 'ends in mid-sentence', keeps: (reading) => (isCutOff(reading) ? 0.7 : 1) },
  { note: 'holds damaged text', keeps: ({ response }) => (response.includes('\uFFFD') ? 0.8 : 1) },
];

/** A refusal is at the start, if anywhere. */
const OPENING_CHARACTERS = 300;
const DECLINES =
  /\b(?:as an? (?:ai|artificial intelligence|(?:large )?language model)|i(?: am|['’]m) (?:just |only )?an? (?:ai|(?:large )?language model)|i(?: am|['’]m) (?:sorry|afraid|unable|not able)|(?:i )?apologi[sz]e|i (?:can ?not|can['’]t|do not|don['’]t) (?:answer|help|assist|provide|know|have (?:access|enough|information)|understand)|unable to (?:provide|answer|help|assist|complete))\b/i;
const APOLOGY_ASKED = /\b(?:sorry|apolog|refus|declin|complain|dialogue|conversation|story|letter|email|reply|respon)/i;

function declines({ instruction, response }: ResponseReading): boolean {
  return DECLINES.test(response.slice(0, OPENING_CHARACTERS)) && !APOLOGY_ASKED.test(instruction);
}

/** Echoes are looked for in runs of so many words. */
const RUN_WORDS = 4;

/**
 * How far a response is a copy of the instruction, of the input, or of both: the share of its runs of words that come
 * from there or the share of those it gives back, whichever is less, so that neither an extract nor an answer that
 * restates the question is one.
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

/** In [0, 1): the share of the response's runs of three words that were there before. */
function repeatedShare({ words }: ResponseReading): number {
  const count = words.length - 2;
  return count < 10 ? 0 : 1 - runsOf(words, 3).size / count;
}

/** Short answers need no full stop. */
const WHOLE_SENTENCE_WORDS = 40;
/** Nor do lines of lists and verse. */
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
