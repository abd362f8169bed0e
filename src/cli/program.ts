import { Command, Help } from 'commander';
import { WINNOW_VERSION } from '../version.ts';
import { addCommands } from './commands.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
A campaign, from a pool to a trained seed model:
  $ winnow init      asks a few questions, writes winnow.yaml
  $ winnow run       reads the pool, selects, exports; stops when people are needed
  $ winnow annotate  for labeling in a browser; or import from a tool:
  $ winnow import done.json
  $ winnow run       trains, finds failures, selects among them, exports
  $ winnow status    shows the current state, the cost and the next command
  $ winnow report    writes a page about the campaign, to share

One selection, without a campaign:
  $ winnow pick pool.jsonl --count 200 -o picked.jsonl

To compare strategies on labeled data:
  $ winnow simulate labeled.jsonl

Run "winnow <command> --help" for options and more examples.
`;

/**
 * The program with all its commands by name; each gets its options when it is typed.
 * @param adjust sets what the commands inherit, before there are any
 */
export function createProgram(terminal: Terminal, adjust: (program: Command) => Command): Command {
  const program = new Command('winnow')
    .description('Decides which unlabeled instructions are worth a person’s time to annotate.')
    .version(WINNOW_VERSION)
    .option('--plugin <module>', 'load your own strategies, providers, judges, …; can be repeated')
    .showHelpAfterError('(add --help to see the options)')
    .addHelpText('after', EXAMPLES)
    // Plugins describe their own options.
    .configureHelp({
      optionTerm: ({ flags }) => onOneLine(flags),
      optionDescription: (option) => onOneLine(new Help().optionDescription(option)),
    });
  addCommands(adjust(program), terminal);
  return program;
}

function onOneLine(text: string): string {
  return text.replace(/\s*[\n\v\f\r\u0085\u2028\u2029]\s*/g, ' ');
}
