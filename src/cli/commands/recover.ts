import { join, parse } from 'node:path';
import type { Command } from 'commander';
import { recoverState } from '../../store/recover-state.ts';
import { renderRecovery } from '../output/render-recovery.ts';
import { print, printJson } from '../print.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
Examples:
  $ winnow recover winnow.db
      Writes what can be read to winnow.recovered.db and lists it. winnow.db stays as it is.
  $ winnow recover .winnow/pick-0123456789ab.db -o saved.db

To continue, move the damaged file away (with the files named after it that end in -wal and -shm), and give the new
one its name.

Exit codes: 0 all or some was saved; 1 nothing was saved; 2 wrong usage.
`;

interface RecoverFlags {
  readonly output?: string;
  readonly json?: boolean;
}

/** `winnow recover`. */
export function defineRecover(command: Command, terminal: Terminal): void {
  command
    .argument('<state>', 'a state file of a campaign, a pick, a scoring or a simulation')
    .option('-o, --output <file>', 'the new file (default: the same name with .recovered in it)')
    .option('--json', 'print the result as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EXAMPLES)
    .action((state: string, flags: RecoverFlags) => recover(state, flags, terminal));
}

function recover(state: string, { output, json }: RecoverFlags, terminal: Terminal): void {
  const { dir, name, ext } = parse(state);
  const recovery = recoverState(state, output ?? join(dir, `${name}.recovered${ext}`), terminal.clock.now());
  if (json) printJson(terminal, recovery);
  else print(terminal, terminal.stdout, renderRecovery(recovery, terminal.width));
}
