/** An eighth of a character, two eighths, …; the last is a whole one. */
const EIGHTHS = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const REST = '░';
/** What is done, paid or in. */
export const FULL = '█';
/** What is on its way, or set aside. */
export const HALF = '▒';

/** A share as a bar, to an eighth of a character; what is there at all has one. No colors, so it is the same in a file. */
export function bar(share: number, columns: number): string {
  if (share <= 0) return '';
  const eighths = Math.max(1, Math.round(Math.min(1, share) * columns * EIGHTHS.length));
  const whole = Math.floor(eighths / EIGHTHS.length);
  const rest = eighths % EIGHTHS.length;
  return EIGHTHS.at(-1)!.repeat(whole) + (rest === 0 ? '' : EIGHTHS[rest - 1]!);
}

/** Of a whole, how much there is of something. */
export interface GaugePart {
  readonly share: number;
  /** What stands for it, one character. */
  readonly sign: string;
}

/**
 * A whole of so many characters, with its parts one after another and the rest of it in light. A part that is there at all
 * has a character, and only what is whole looks whole.
 */
export function gauge(parts: readonly GaugePart[], columns: number): string {
  let drawn = '';
  let share = 0;
  for (const part of parts.filter((one) => one.share > 0)) {
    share += part.share;
    const most = share >= 1 ? columns : columns - 1;
    const end = Math.min(most, Math.max(drawn.length + 1, Math.round(share * columns)));
    drawn += part.sign.repeat(Math.max(0, end - drawn.length));
  }
  return drawn + REST.repeat(columns - drawn.length);
}
