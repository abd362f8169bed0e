import type { DescribedCommand } from '../described-command.ts';
import { allCommands, takesFile } from './choices-by-option.ts';

/** A script that completes commands, options and the values that they choose from; file names elsewhere. */
export function fishCompletion(program: DescribedCommand): string {
  const lines = allCommands(program).flatMap((command) => [
    ...command.commands.map(
      ({ name, description }) =>
        `complete -c winnow -f -n ${quote(below(command))} -a ${name.split(' ').at(-1)} -d ${quote(description)}`,
    ),
    ...command.arguments
      .filter(({ choices }) => choices.length > 0)
      .map(({ choices }) => `complete -c winnow -f -n ${quote(within(command))} -a ${quote(choices.join(' '))}`),
    ...command.options.map((option) => {
      const names = option.names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
      const value =
        option.choices.length > 0 ? `-x -a ${quote(option.choices.join(' '))}` : takesFile(option) ? '-r' : '-x';
      const takes = option.value === undefined ? [] : [value];
      const words = [...names, ...takes, '-d', quote(option.description)].join(' ');
      return `complete -c winnow -n ${quote(within(command))} ${words}`;
    }),
  ]);
  return `# fish completion for winnow. Save it as ~/.config/fish/completions/winnow.fish\n${lines.join('\n')}\n`;
}

/** Before the next command is typed. */
function below(command: DescribedCommand): string {
  const names = command.commands.map(({ name }) => name.split(' ').at(-1)).join(' ');
  if (command.name === '') return '__fish_use_subcommand';
  return `${within(command)}; and not __fish_seen_subcommand_from ${names}`;
}

function within({ name }: DescribedCommand): string {
  if (name === '') return '__fish_use_subcommand';
  return name
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
