#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { systemClock } from '../assembly/system-clock.ts';
import { WinnowError } from '../errors/winnow-error.ts';
import { WINNOW_VERSION } from '../version.ts';
import { addPickCommands } from './commands/pick.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { safeBlock } from './output/safe-text.ts';
import { processTerminal } from './terminal.ts';

const terminal = processTerminal(systemClock);
const program = new Command('winnow')
  .description('Decides which unlabeled instructions are worth a person’s time to annotate.')
  .version(WINNOW_VERSION)
  .showHelpAfterError('(add --help for the options)')
  .exitOverride();
addPickCommands(program, terminal);

// A reader that has seen enough (`winnow pick … | head`) is no error.
terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  } else {
    terminal.stderr.write(explain(error));
    process.exitCode = exitCodeOf(error);
  }
}

function explain(error: unknown): string {
  const verbose = process.argv.includes('--verbose') || process.argv.includes('-v');
  if (!(error instanceof WinnowError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${pc.red('error')}  Something went wrong that should not have. Please report it:\n${stack}\n`;
  }
  const hint = error.hint === undefined ? '' : `\n       ${error.hint}`;
  const cause = verbose
    ? `\n${error.stack}${error.cause instanceof Error ? `\ncaused by ${error.cause.stack}` : ''}`
    : '';
  // Messages may quote a pool or a provider: neither may steer the terminal.
  return `${pc.red('error')}  ${safeBlock(`${error.message}${hint}${cause}`)}\n`;
}
