import { Argument, type Command } from 'commander';
import { declaredOptions, jsonSchemaOf } from '../../domain/options.ts';
import { JUDGES } from '../../selection/judges/registry.ts';
import { STRATEGIES } from '../../selection/strategies/registry.ts';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { type DescribedCommand, describeCommand } from '../described-command.ts';
import { print } from '../print.ts';
import type { Terminal } from '../terminal.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } satisfies Record<
  string,
  (program: DescribedCommand) => string
>;

const EXAMPLES = `
Examples:
  $ source <(winnow completion bash)
      For this shell. To have it in every shell, add the line to ~/.bashrc.
  $ winnow completion zsh > ~/.zfunc/_winnow
      With ~/.zfunc in $fpath before compinit is called in ~/.zshrc.
  $ winnow completion fish > ~/.config/fish/completions/winnow.fish
      For every fish shell.

Options of plugins are completed too: winnow --plugin ./mine.js completion bash
`;

/** `winnow completion`. */
export function defineCompletion(command: Command, terminal: Terminal, defineOthers: () => Promise<void>): void {
  command
    .addArgument(new Argument('<shell>', 'your shell').choices(Object.keys(SHELLS)))
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EXAMPLES)
    .action(async (shell: keyof typeof SHELLS) => {
      await defineOthers();
      print(terminal, terminal.stdout, SHELLS[shell](describeCommand(command.parent!, values())));
    });
}

/** What strategies and judges take; which of them an option belongs to is known only when it is read. */
function values(): Record<string, readonly string[]> {
  const found: Record<string, string[]> = { '--strategy': STRATEGIES.names, '--judge': JUDGES.names };
  const owners = [...STRATEGIES, ...JUDGES];
  for (const { name, schema } of owners.flatMap(({ options }) => declaredOptions(options))) {
    const { enum: words = [] } = jsonSchemaOf(schema) as { readonly enum?: readonly string[] };
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (words.length > 0) found[flag] = [...new Set([...(found[flag] ?? []), ...words])];
  }
  return found;
}
