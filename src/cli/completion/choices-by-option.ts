import type { DescribedCommand, DescribedOption } from '../described-command.ts';

/** A command and all that are below it, one after another. */
export function allCommands(command: DescribedCommand): readonly DescribedCommand[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** The options of a command that take one of a few values. */
export function choicesByOption({ options }: DescribedCommand): readonly DescribedOption[] {
  return options.filter(({ choices }) => choices.length > 0);
}

/** Whether its value is a file or a folder. */
export function takesFile({ value = '' }: DescribedOption): boolean {
  return /file|folder|path|pairs|pool|module|prompts|\.npy/.test(value);
}
