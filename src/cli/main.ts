#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { systemClock } from '../domain/clock.ts';
import type { Plugin } from '../plugins/plugin.ts';
import { WINNOW_VERSION } from '../version.ts';
import { addCommands, takePlugins, withHelpAsOption } from './commands.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { foldHelp } from './output/fold-help.ts';
import { renderError, renderErrorJson, renderParsingErrorJson } from './output/render-error.ts';
import { print } from './print.ts';
import { processTerminal } from './terminal.ts';

const EXAMPLES = `
A campaign, from a pool to a seed model and what it fails at:
  $ winnow init      asks a little, writes winnow.yaml
  $ winnow run       reads, chooses, exports; stops where people are needed
  $ winnow annotate  lets them label in a browser; or, from a tool:
  $ winnow import done.json
  $ winnow run       trains, finds the failures, chooses among them, exports
  $ winnow status    where it stands, what it cost, what to type next
  $ winnow report    a page of what it did, to show others

One selection, without a campaign:
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl

Which strategy to use, tried on data that is labeled:
  $ winnow simulate labeled.jsonl

"winnow <command> --help" has the options and more examples.
`;

const plugins: Plugin[] = [];
const terminal = processTerminal(systemClock, plugins);
const program = new Command('winnow')
  .description('Decides which unlabeled instructions are worth a person’s time to annotate.')
  .version(WINNOW_VERSION)
  .option('--plugin <module>', 'add strategies, providers, judges … of your own; may be repeated')
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', EXAMPLES)
  .configureOutput({ writeOut: (text) => print(terminal, terminal.stdout, helpFor(text)) })
  .exitOverride();
addCommands(program, terminal);

/** Files and other programs get the lines as they were written. */
function helpFor(text: string): string {
  return terminal.stdout.isTTY ? foldHelp(text, terminal.width) : text;
}

// A reader that has seen enough (`winnow pick … | head`) is no error.
terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const wantsJson = process.argv.includes('--json');
try {
  const { sources, words } = takePlugins(process.argv.slice(2));
  // First, because the options of commands follow from what there is.
  if (sources.length > 0) {
    const { loadPlugins } = await import('../plugins/load-plugins.ts');
    plugins.push(...(await loadPlugins(sources, process.cwd())));
  }
  await program.parseAsync(withHelpAsOption(words), { from: 'user' });
} catch (error) {
  if (error instanceof CommanderError) {
    const isWrong = error.exitCode !== 0;
    if (isWrong && wantsJson) terminal.stdout.write(renderParsingErrorJson(error));
    process.exitCode = isWrong ? EXIT.usage : EXIT.done;
  } else {
    const verbose = process.argv.includes('--verbose') || process.argv.includes('-v');
    print(terminal, terminal.stderr, renderError(error, { verbose }));
    if (wantsJson) terminal.stdout.write(renderErrorJson(error));
    process.exitCode = exitCodeOf(error);
  }
}
