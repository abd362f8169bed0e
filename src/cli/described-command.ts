import type { Argument, Command, Option } from 'commander';

/** A command as help, completion and the reference show it. */
export interface DescribedCommand {
  /** As it is typed after "winnow": `scorer train`. */
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly DescribedArgument[];
  readonly options: readonly DescribedOption[];
  readonly commands: readonly DescribedCommand[];
}

interface DescribedArgument {
  /** `<pool...>`, `[folder]` */
  readonly term: string;
  readonly description: string;
  readonly choices: readonly string[];
}

export interface DescribedOption {
  /** `-n, --count <n>` */
  readonly flags: string;
  /** `-n` and `--count` */
  readonly names: readonly string[];
  /** `n`; absent for a switch. */
  readonly value: string | undefined;
  readonly description: string;
  /** The only values that are taken; empty where any is. */
  readonly choices: readonly string[];
  readonly default: string | undefined;
  readonly isRequired: boolean;
}

/**
 * A command and all that is below it. Its definition must be complete.
 * @param values by option, where commander does not check the choice itself
 */
export function describeCommand(
  command: Command,
  values: Readonly<Record<string, readonly string[]>> = {},
  parents: readonly string[] = [],
): DescribedCommand {
  const names = command.parent === null ? [] : [...parents, command.name()];
  return {
    name: names.join(' '),
    description: command.description(),
    arguments: command.registeredArguments.map(describeArgument),
    options: command.options.filter(({ hidden }) => !hidden).map((option) => describeOption(option, values)),
    commands: command.commands.map((below) => describeCommand(below, values, names)),
  };
}

function describeArgument(argument: Argument): DescribedArgument {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return {
    term: argument.required ? `<${name}>` : `[${name}]`,
    description: argument.description,
    choices: argument.argChoices ?? [],
  };
}

function describeOption(option: Option, values: Readonly<Record<string, readonly string[]>>): DescribedOption {
  const usual: unknown = option.defaultValueDescription ?? option.defaultValue;
  return {
    flags: option.flags,
    names: [option.short, option.long].flatMap((name) => name ?? []),
    value: /[<[]([^>\]]+)[>\]]/.exec(option.flags)?.[1],
    description: option.description.replace(/\s*[\n\v\f\r\u0085\u2028\u2029]\s*/g, ' '),
    choices: option.argChoices ?? values[option.long ?? ''] ?? [],
    default: usual === undefined || usual === false ? undefined : String(usual),
    isRequired: option.mandatory,
  };
}
