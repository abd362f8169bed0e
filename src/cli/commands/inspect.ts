import type { Command } from 'commander';
import { inspect } from '../../runs/inspect.ts';
import { renderInspection } from '../output/render-inspection.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';
import { withProgress } from '../with-progress.ts';
import { addReadingOptions, POOL_FILES, type RunFlags, toRunOptions } from './run-options.ts';

const EXAMPLES = `
Examples:
  $ winnow inspect logs.jsonl
      Show what is read: fields, turns, what is left out and why, and the first three items.
  $ winnow inspect "exports/*.json" --turns each
      The same for several files, with an item for each user turn.
  $ winnow inspect instruction=question,output=answer:faq.csv chats.jsonl
      Name the fields of one file before its path.

Spends nothing, sends nothing and stores nothing.

Exit codes: 0 done; 1 an error, or no record can be used; 2 wrong usage; 130 interrupted.
`;

/** `winnow inspect`. */
export function defineInspect(command: Command, terminal: Terminal): void {
  addReadingOptions(command.argument('<files...>', POOL_FILES))
    .optionsGroup('Output:')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText('after', EXAMPLES)
    .action((files: string[], flags: RunFlags) => inspectFiles(files, flags, terminal));
}

async function inspectFiles(files: readonly string[], flags: RunFlags, terminal: Terminal): Promise<void> {
  const reading = toRunOptions(flags, terminal.environment);
  const inspection = await withProgress(terminal, ({ signal, onProgress }) =>
    inspect(files, { ...reading, stdin: terminal.stdin, signal, onProgress }),
  );
  if (flags.json) printJson(terminal, inspection);
  else print(terminal, terminal.stdout, renderInspection(inspection));
}
