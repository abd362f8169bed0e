import type { CommanderError } from 'commander';
import { UsageError } from '../../domain/errors.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { flagSpelling } from '../spelling.ts';
import { colors } from './colors.ts';
import { safeBlock } from './safe-text.ts';

const INDENT = '\n       ';

/** What went wrong and what to do, for people; stacks only where they are asked for. */
export function renderError(error: unknown, { verbose }: { readonly verbose: boolean }): string {
  if (!(error instanceof WinnowError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${colors.red('error')}  Unexpected error. Please report it:\n${safeBlock(stack)}\n`;
  }
  const { message, hint: advice } = error.spelled(flagSpelling);
  const hint = advice === undefined ? '' : `\n${advice}`;
  const cause = verbose
    ? `\n${error.stack}${error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : ''}`
    : '';
  // Messages may quote a pool or a provider: no line of theirs may look like one of ours.
  return `${colors.red('error')}  ${safeBlock(`${message}${hint}`).replaceAll('\n', INDENT)}${safeBlock(cause)}\n`;
}

/** The same for machines, as the one document of `--json`. */
export function renderErrorJson(error: unknown): string {
  if (!(error instanceof WinnowError)) {
    const message = error instanceof Error ? error.message : String(error);
    return document({ code: 'UNEXPECTED', message, hint: null, data: {} });
  }
  const { message, hint = null } = error.spelled(flagSpelling);
  return document({ code: error.code, message, hint, data: error.data });
}

function document(error: object): string {
  return `${JSON.stringify({ error }, null, 2)}\n`;
}

/** What the command line's parser found wrong, which it has written for people already. */
export function renderParsingErrorJson({ message }: CommanderError): string {
  return renderErrorJson(new UsageError(message.replace(/^error: /, ''), 'Add --help for the options.'));
}
