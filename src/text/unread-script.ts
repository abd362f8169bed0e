/** Nothing but Latin letters, digits, common punctuation: most texts need no closer look. */
const PLAIN = /^[\0-\u036f\u2000-\u206f]*$/;
/** Letters of scripts other than Latin, and pictographs: a model trained on English hardly tells them apart. */
const LETTERS = /\p{L}/gu;
const OTHER_LETTERS = /(?!\p{Script_Extensions=Latin})\p{L}/gu;
/** Signs for whole words or syllables say as much as two letters. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;
const PICTOGRAPHS = /\p{Extended_Pictographic}/gu;
/** A single π or Δ is part of English texts. */
const OTHER_SCRIPT =
  /(?:(?!\p{Script_Extensions=Latin})[\p{L}\p{M}]){2}|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
/** From this share of other scripts on, a text counts as unread. For English texts with some foreign words see `unreadWords`. */
const LEAST_UNREAD_SHARE = 0.1;
/** Emoji decorate English texts. From this share on they are the text. */
const PICTOGRAPH_SHARE = 0.25;

/**
 * The share of a text that a model trained on English hardly reads: what is in scripts other than Latin, or in emoji. 0 for
 * English, also with a few foreign words or emoji; otherwise 0.1 to 1. Chinese, Japanese and Korean signs and emoji count as
 * two letters each. O(length).
 */
export function unreadShare(text: string): number {
  const share = otherShare(text);
  return share < LEAST_UNREAD_SHARE ? 0 : share;
}

/** Greek is left to the model, which has its letters: they are common in mathematics. */
const OTHER_LETTER = String.raw`(?!\p{Script_Extensions=Latin}|\p{Script=Common}|\p{Script=Inherited}|\p{Script=Greek})[\p{L}\p{M}]`;
/** A word has two letters, or a letter with a mark; a sign for a word is one. */
const OTHER_WORDS = new RegExp(
  [
    String.raw`${OTHER_LETTER}(?:\p{M}*${OTHER_LETTER})+\p{M}*`,
    String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+`,
    // Without signs such as ™, which are pictographs only where a selector follows.
    String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)+`,
  ].join('|'),
  'gu',
);

/**
 * The words of a text in other scripts than Latin, and its emoji, with single spaces between them. Empty for English,
 * also with Greek in it. O(length).
 */
export function unreadWords(text: string): string {
  return PLAIN.test(text) ? '' : (text.match(OTHER_WORDS)?.join(' ') ?? '');
}

function otherShare(text: string): number {
  if (PLAIN.test(text)) return 0;
  const pictographs = 2 * count(text, PICTOGRAPHS);
  const isOther = OTHER_SCRIPT.test(text);
  if (!isOther && pictographs === 0) return 0;
  const dense = count(text, DENSE);
  const letters = count(text, LETTERS) + dense;
  const all = letters + pictographs;
  if (!isOther) return pictographs < PICTOGRAPH_SHARE * all ? 0 : pictographs / all;
  // Marks alone, such as those of music.
  if (all === 0) return 1;
  return (count(text, OTHER_LETTERS) + dense + pictographs) / all;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
