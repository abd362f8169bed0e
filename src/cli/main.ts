#!/usr/bin/env node
import { CommanderError } from 'commander';
import { systemClock } from '../domain/clock.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { takePlugins, withHelpAsOption } from './commands.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { foldHelp } from './output/fold-help.ts';
import { renderError, renderErrorJson, renderParsingErrorJson } from './output/render-error.ts';
import { print, printDocument } from './print.ts';
import { createProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

const plugins: Plugin[] = [];
const pluginSources: string[] = [];
const terminal = processTerminal(systemClock, plugins, pluginSources);
const program = createProgram(terminal, (bare) =>
  bare
    .configureOutput({
      writeOut: (text) => print(terminal, terminal.stdout, helpFor(text)),
      writeErr: (text) => print(terminal, terminal.stderr, text),
      outputError: (text, write) => write(`${text.trimEnd().replaceAll('\n', '\n       ')}\n`),
    })
    .exitOverride(),
);

/** Files and other programs get the lines as they were written. */
function helpFor(text: string): string {
  return terminal.stdout.isTTY ? foldHelp(text, terminal.width) : text;
}

// The terminal is gone: what is under way is still finished.
terminal.stderr.on('error', () => undefined);
// A reader that has seen enough (`winnow pick … | head`) is no error.
terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  if (error.code === 'EIO') return;
  throw error;
});

const wantsJson = process.argv.includes('--json');
/** Fulfilled when the command has ended and the exit code is set. */
export const ended = runCommand();

async function runCommand(): Promise<void> {
  try {
    const { sources, words } = takePlugins(process.argv.slice(2));
    // First, because the options of commands follow from what there is.
    if (sources.length > 0) {
      const { loadPlugins } = await import('../plugins/load-plugins.ts');
      plugins.push(...(await loadPlugins(sources, process.cwd())));
      pluginSources.push(...sources);
    }
    await program.parseAsync(withHelpAsOption(words), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      const isWrong = error.exitCode !== 0;
      if (isWrong && wantsJson) printDocument(terminal, renderParsingErrorJson(error));
      process.exitCode = isWrong ? EXIT.usage : EXIT.done;
    } else {
      const verbose = process.argv.includes('--verbose') || process.argv.includes('-v');
      const { asStateError } = await import('../store/state-damage.ts');
      const failure = asStateError(error);
      print(terminal, terminal.stderr, renderError(failure, { verbose }));
      if (wantsJson) printDocument(terminal, renderErrorJson(failure));
      process.exitCode = exitCodeOf(failure);
    }
  }
}
