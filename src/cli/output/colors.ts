import { createColors } from 'picocolors';

/** Whether a person may be looking, who has not asked for plain text. Streams that are no terminals stay plain: see `print`. */
const isWanted = !process.env.NO_COLOR && (Boolean(process.env.FORCE_COLOR) || isTerminal());

function isTerminal(): boolean {
  return Boolean(process.stdout.isTTY || process.stderr.isTTY) && process.env.TERM !== 'dumb';
}

/** The colors of everything that is printed. picocolors' own choice would color files too where `CI` is set. */
export const colors = createColors(isWanted);
