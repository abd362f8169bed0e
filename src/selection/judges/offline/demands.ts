import { splitWords } from '../../../text/words.ts';
import { type Flaw, type ResponseReading, ramp } from './response-reading.ts';

/** What the instruction may ask for that a response shows to have or to lack. English cues, scripts apart. */
export const DEMANDS: readonly Flaw[] = [
  { note: 'is in another script', keeps: (reading) => (isInAnotherScript(reading) ? 0.3 : 1) },
  { note: 'shows no code', keeps: (reading) => (lacksCode(reading) ? 0.7 : 1) },
  { note: 'gives fewer items than asked', keeps: (reading) => 0.6 + 0.4 * Math.min(1, givenShare(reading)) },
  { note: 'is longer than asked', keeps: (reading) => 1 - 0.4 * ramp(lengthShare(reading), 1.2, 4) },
];

const SCRIPTS = ['Latin', 'Cyrillic', 'Greek', 'Arabic', 'Hebrew', 'Devanagari', 'Thai', 'Hangul', 'Han'] as const;
const SCRIPT_LETTERS = SCRIPTS.map((script) => new RegExp(String.raw`\p{sc=${script}}`, 'gu'));
const KANA = /[\p{sc=Hiragana}\p{sc=Katakana}]/gu;
/** A word says nothing of a text's script: "CEO", "東京". */
const SCRIPT_EVIDENCE_LETTERS = 20;
const OTHER_LANGUAGE =
  /\b(?:translat\w*|\w*language|(?:in|into|to) (?:\p{Lu}\p{Ll}+)|arabic|chinese|greek|hebrew|hindi|japanese|korean|mandarin|russian|thai|english)\b|翻[译訳譯]|перевед|ترجم/iu;

/** Whether most letters of the response are of a script the prompt is not written in, and nothing asks for a language. */
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

/** How many of the items asked for there can be, at most 1 where none are asked: read generously, as items come in many forms. */
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

/** The response's length in multiples of what the instruction allows; 0 where it sets no limit. */
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
