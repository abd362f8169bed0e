import { diffArrays } from 'diff';

/** A part of two texts: in both, only in the second, or only in the first. */
export interface Change {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Longer stretches are compared by lines first. In UTF-16 units. */
const MOST_BY_WORD = 20_000;
const LONGEST_MS = 150;

/** Scripts that put no spaces between words: each character counts as a word. */
const UNSPACED = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`;
const WORDS = new RegExp(
  [
    String.raw`\r?\n`,
    String.raw`[^\S\n]+`,
    String.raw`[${UNSPACED}]\p{M}*`,
    String.raw`(?:(?![${UNSPACED}])[\p{L}\p{M}\p{N}_])+`,
    String.raw`\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]*(?:\u200d\p{Extended_Pictographic}[\u{fe0f}\u{1f3fb}-\u{1f3ff}]*)*`,
    '[^]',
  ].join('|'),
  'gu',
);

/**
 * What was changed in a text, by words. The same and removed parts make `from`, the same and added parts make `to`. What
 * takes too long to compare counts as replaced. O(length) where little changed, and at most about 0.3 s.
 */
export function changesBetween(from: string, to: string): Change[] {
  const start = sharedStart(from, to);
  const end = sharedEnd(from, to, start);
  const [removed, added] = [from.slice(start, from.length - end), to.slice(start, to.length - end)];
  const isShort = Math.max(removed.length, added.length) <= MOST_BY_WORD;
  const middle = isShort ? compared(removed, added, WORDS) : byLines(removed, added);
  return joined([
    { kind: 'same', text: from.slice(0, start) },
    ...middle,
    { kind: 'same', text: from.slice(from.length - end) },
  ]);
}

function byLines(from: string, to: string): Change[] {
  const lines = compared(from, to, /[^\n]*\n|[^\n]+/g);
  const untilMs = performance.now() + LONGEST_MS;
  return lines.flatMap((change, at) => {
    const next = lines[at + 1];
    if (change.kind === 'added' && lines[at - 1]?.kind === 'removed') return [];
    if (change.kind !== 'removed' || next?.kind !== 'added') return [change];
    const isShort = Math.max(change.text.length, next.text.length) <= MOST_BY_WORD;
    return isShort && performance.now() < untilMs ? compared(change.text, next.text, WORDS) : [change, next];
  });
}

/** Of two neighbors, what was removed comes first. */
function compared(from: string, to: string, pieces: RegExp): Change[] {
  const changes = diffArrays(from.match(pieces) ?? [], to.match(pieces) ?? [], { timeout: LONGEST_MS });
  return (
    changes?.map(({ value, added, removed }) => ({
      kind: added ? 'added' : removed ? 'removed' : 'same',
      text: value.join(''),
    })) ?? [
      { kind: 'removed', text: from },
      { kind: 'added', text: to },
    ]
  );
}

/** Joins neighbors of a kind, and changes with only spaces between them, which read better as one. */
function joined(changes: readonly Change[]): Change[] {
  const result: Change[] = [];
  let [removed, added] = ['', ''];
  const flush = () => {
    if (removed !== '') result.push({ kind: 'removed', text: removed });
    if (added !== '') result.push({ kind: 'added', text: added });
    removed = added = '';
  };
  changes.forEach(({ kind, text }, at) => {
    if (text === '') return;
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (/^[^\S\n]+$/.test(text) && removed !== '' && added !== '' && changes[at + 1]?.kind === 'removed') {
      removed += text;
      added += text;
    } else {
      flush();
      result.push({ kind, text });
    }
  });
  flush();
  return result;
}

/** Length of the common start, up to the end of a word. */
function sharedStart(from: string, to: string): number {
  const most = Math.min(from.length, to.length);
  let length = 0;
  while (length < most && from.charCodeAt(length) === to.charCodeAt(length)) length += 1;
  const isWhole = (at: number) => at === 0 || /\s/.test(from[at - 1]!);
  return length === Math.max(from.length, to.length) ? length : atWord(length, isWhole, (at) => from[at]);
}

/** Length of the common end, down to the start of a word and after the common start. */
function sharedEnd(from: string, to: string, start: number): number {
  const most = Math.min(from.length, to.length) - start;
  let length = 0;
  const endsAlike = (at: number) => from.charCodeAt(from.length - at) === to.charCodeAt(to.length - at);
  while (length < most && endsAlike(length + 1)) length += 1;
  const isWhole = (at: number) => at === 0 || /\s/.test(from[from.length - at]!);
  return atWord(length, isWhole, (at) => from[from.length - at]);
}

/** Words that are longer than this many UTF-16 units are cut. */
const LONGEST_WORD = 100;

/** The longest length up to `length` that cuts no word, or at least no character. */
function atWord(
  length: number,
  isWhole: (length: number) => boolean,
  cutCharacter: (length: number) => string | undefined,
): number {
  for (let shorter = length; shorter >= Math.max(0, length - LONGEST_WORD); shorter--) {
    if (isWhole(shorter)) return shorter;
  }
  return /[\udc00-\udfff]/.test(cutCharacter(length) ?? '') ? length - 1 : length;
}
