import { isAddressed } from './asking.ts';
import type { Finding, Reading } from './reading.ts';

/** One thing that may be wrong with a text, and the share of clarity it leaves, in [0, 1]. */
interface Flaw {
  readonly note: string;
  readonly keeps: (reading: Reading) => number;
}

const FLAWS: readonly Flaw[] = [
  { note: 'no text', keeps: ({ words }) => (words.length === 0 ? 0 : 1) },
  { note: 'incomplete', keeps: fragmentKeeps },
  { note: 'no task', keeps: ({ text }) => (NO_TASK.test(text) ? 0.1 : 1) },
  { note: 'only a link', keeps: ({ text }) => (isOnlyLinks(text) ? 0.05 : 1) },
  { note: 'mostly symbols', keeps: ({ text }) => clamp(letterShare(text) / 0.5) },
  { note: 'mostly markup', keeps: ({ text }) => clamp(withoutTags(text).length / text.length / 0.5) },
  { note: 'damaged text', keeps: ({ text }) => 1 / (1 + damagedPerPage(text) / 2) },
  { note: 'repeated characters', keeps: ({ text }) => clamp(1 - 2 * runShare(text)) },
  { note: 'repeated words', keeps: ({ words }) => (words.length < 4 ? 1 : clamp(distinctShare(words) / 0.35)) },
  { note: 'random letters', keeps: ({ words }) => 1 - mashedShare(words) },
  {
    note: 'cut off',
    keeps: ({ text, materialWordCount }) => (materialWordCount === 0 && CUT_OFF.test(text) ? 0.6 : 1),
  },
  { note: 'missing the text to work on', keeps: missingMaterialKeeps },
  { note: 'no request', keeps: askKeeps },
  { note: 'tries to influence the choice', keeps: ({ text }) => (TO_THE_CHOOSER.test(text) ? 0.2 : 1) },
];

/**
 * Whether a person could answer the text at all: whole, readable, and asking something. 1 when nothing is wrong; every
 * flaw found multiplies it by the share it keeps, and the note names them. It gates the other features.
 */
export function clarity(reading: Reading): Finding {
  let value = 1;
  const notes: string[] = [];
  for (const { note, keeps } of FLAWS) {
    const kept = keeps(reading);
    value *= kept;
    if (kept < 0.9) notes.push(note);
    // The later flaws ask what the words are like, which says nothing where there are none.
    if (kept === 0) break;
  }
  return { value, note: notes.join(', ') };
}

const LINK = /\b(?:https?:\/\/|www\.)\S+/gi;
const TAG = /<\/?[a-z][^<>]{0,300}>|&[a-z]{2,8};/gi;
// UTF-8 read as Latin-1 or Windows-1252, and characters already lost.
const MOJIBAKE = /\uFFFD|Ã[\u0080-\u00BF]|Â[\u0080-\u00BF]|â€[™œ\u009D“”¦˜]|ï»¿/gu;
const LONG_RUN = /([^\s\d=_*#.~–—-])\1{4,}/gu;
const CUT_OFF = /(?:\b(?:and|or|the|an?|because|such as)|[,;:([{]|\.\.\.|…)$/i;
const QUESTION = /[?？؟]/u;
const QUESTION_START = /^(?:how|what|why|who|whom|whose|when|where|which|is|are|do|does|did|can|should)\b/i;
const QUESTION_WORD = /\b(?:how|what|why|who|whom|whose|where|which)\b/i;
/** In a text this short, a question word anywhere asks. */
const SHORT_WORDS = 25;
const VERB_AND_OBJECT =
  /^[a-z]{3,}\s+(?:a|an|the|me|my|this|these|that|it|all|some|any|each|every|your|at|up|out|down|for|from|whether|if|between|to|into)\b/i;
const ENGLISH = /\b(?:the|of|and|to|in|is|for|that|it|with|on|a)\b/gi;
const MISSING_MATERIAL =
  /\b(?:the|this|these) (?:(?:following|given|provided|above|below|attached) )?(?:text|passage|article|paragraph|sentences?|email|code|snippet|review|conversation|document|poem|list|data|table)\b(?: (?:above|below|provided|given|attached))?/i;
const POINTS_AT = /\b(?:following|given|provided|above|below|attached|this|these)\b/i;
const GREETING =
  /^(?:hi+|hello|hey|thanks?|thank you|good (?:morning|afternoon|evening)|ok(?:ay)?|yes|no|test(?:ing)?|lol)\b/i;
// Placeholders, signatures and subject lines.
const NO_TASK = /^(?:lorem ipsum|todo\b|tbd\b|sent from my|(?:re|fwd?|aw|wg):)/i;
const TO_THE_CHOOSER =
  /\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|above|prior|other|earlier) (?:instructions?|candidates?|items?|options?|prompts?|text)\b|\b(?:select|choose|pick|rank) (?:this|me|my) (?:(?:item|one|candidate|instruction|entry|text|record) )?(?:first|as (?:the )?(?:best|first|top|most)|instead|above|over|highest)\b/i;

/** Short texts: one word says nothing by itself; five are enough for a task. A question mark or an input completes them. */
function fragmentKeeps({ text, words, materialWordCount }: Reading): number {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  if (words.length <= 4 && GREETING.test(text)) return 0.1;
  if (materialWordCount > 0) return 1;
  const whole = QUESTION.test(text) || QUESTION_START.test(text) ? 3 : 5;
  return Math.min(1, Math.max(words.length, letters / 6) / whole);
}

function isOnlyLinks(text: string): boolean {
  const rest = text.replace(LINK, '').trim();
  return rest.length < 3 && rest.length < text.length;
}

function withoutTags(text: string): string {
  return text.replace(TAG, '');
}

/** Letters, marks and digits among all characters that are not white space. */
function letterShare(text: string): number {
  const visible = text.replace(/\s+/g, '').length;
  return visible === 0 ? 0 : (text.match(/[\p{L}\p{M}\p{N}]/gu)?.join('').length ?? 0) / visible;
}

function runShare(text: string): number {
  return (text.match(LONG_RUN)?.join('').length ?? 0) / Math.max(1, text.length);
}

/** Damaged characters, per 400 characters in longer texts. */
function damagedPerPage(text: string): number {
  return (text.match(MOJIBAKE)?.length ?? 0) * Math.min(1, 400 / Math.max(1, text.length));
}

function distinctShare(words: readonly string[]): number {
  // Long texts repeat their small words; compare a fixed number of words.
  const first = words.slice(0, 60).map((word) => word.toLowerCase());
  return new Set(first).size / first.length;
}

/** Share of words that look like a hand on the keyboard: six consonants in a row, consonants only, or its letter rows. */
function mashedShare(words: readonly string[]): number {
  const latin = words.filter((word) => /^[a-z]{4,}$/i.test(word));
  const mashed = latin.filter((word) =>
    /[bcdfghjklmnpqrstvwxz]{6}|^[bcdfghjklmnpqrstvwxz]{5,}$|asdf|qwer|zxcv|hjkl/i.test(word),
  );
  return latin.length === 0 ? 0 : mashed.length / latin.length;
}

/** "Summarize the text below" and nothing below. */
function missingMaterialKeeps({ text, words, materialWordCount }: Reading): number {
  if (materialWordCount > 0 || words.length > 25) return 1;
  const match = MISSING_MATERIAL.exec(text);
  if (!match || !POINTS_AT.test(match[0])) return 1;
  const rest = text.slice(match.index + match[0].length);
  return /[:\n"“`]/.test(rest) ? 1 : 0.4;
}

/** Texts in English that neither ask nor command. Other languages are given the benefit of the doubt. */
function askKeeps({ text, sentences, words }: Reading): number {
  if (QUESTION.test(text) || (words.length <= SHORT_WORDS && QUESTION_WORD.test(text))) return 1;
  if (sentences.some((line) => isAddressed(line) || QUESTION_START.test(line) || VERB_AND_OBJECT.test(line))) return 1;
  const english = text.match(ENGLISH)?.length ?? 0;
  return english / Math.max(1, words.length) < 0.12 ? 0.9 : 0.6;
}

function clamp(value: number): number {
  return Math.max(0, Math.min(1, value));
}
