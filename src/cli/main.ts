#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { systemClock } from '../assembly/system-clock.ts';
import { WINNOW_VERSION } from '../version.ts';
import { addExportCommand } from './commands/export.ts';
import { addImportCommand } from './commands/import.ts';
import { addInitCommand } from './commands/init.ts';
import { addNextCommands } from './commands/next.ts';
import { addPickCommands } from './commands/pick.ts';
import { addScoreCommand } from './commands/score.ts';
import { addScorerCommands } from './commands/scorer.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addStatusCommand } from './commands/status.ts';
import { EXIT, exitCodeOf } from './exit-code.ts';
import { renderError, renderErrorJson, renderParsingErrorJson } from './output/render-error.ts';
import { print } from './print.ts';
import { processTerminal } from './terminal.ts';

const EXAMPLES = `
A campaign, from a pool to a seed model and what it fails at:
  $ winnow init              asks a little, writes winnow.yaml
  $ winnow run               reads, chooses, exports; stops where people are needed
  $ winnow import done.json  takes in what they said
  $ winnow run               trains, finds the failures, chooses among them, exports
  $ winnow status            what happened, what it cost, what to type next

One selection, without a campaign:
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl

Which strategy to use, tried on data that is labeled:
  $ winnow simulate labeled.jsonl

"winnow <command> --help" has the options and more examples.
`;

const terminal = processTerminal(systemClock);
const program = new Command('winnow')
  .description('Decides which unlabeled instructions are worth a person’s time to annotate.')
  .version(WINNOW_VERSION)
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', EXAMPLES)
  .exitOverride();
program.commandsGroup('A campaign, in the order of use:');
addInitCommand(program, terminal);
addNextCommands(program, terminal);
addStatusCommand(program, terminal);
addExportCommand(program, terminal);
addImportCommand(program, terminal);
program.commandsGroup('A single selection:');
addPickCommands(program, terminal);
addScoreCommand(program, terminal);
program.commandsGroup('Before you choose a strategy:');
addSimulateCommand(program, terminal);
program.commandsGroup('Scoring responses:');
addScorerCommands(program, terminal);

// A reader that has seen enough (`winnow pick … | head`) is no error.
terminal.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

const wantsJson = process.argv.includes('--json');
try {
  await program.parseAsync();
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
