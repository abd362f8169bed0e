import { type Command, Option } from 'commander';
import { type DeclaredOption, declaredOptions, jsonSchemaOf, type OptionsSchema } from '../../domain/options.ts';
import { decimal, whole } from './option-values.ts';

/** An object of a registry, such as a strategy, with the options it declares. */
export interface OptionOwner {
  /** Named in the help; absent where all objects have these options. */
  readonly name?: string;
  readonly options: OptionsSchema;
}

interface Declaration {
  readonly owner: string | undefined;
  readonly option: DeclaredOption;
}

/** Adds a flag for every option that these declare; one that several declare is one flag, whose help names them. */
export function addDeclaredFlags(command: Command, owners: readonly OptionOwner[]): Command {
  const flags = new Map<string, Declaration[]>();
  for (const { name: owner, options } of owners) {
    for (const option of declaredOptions(options)) {
      flags.set(option.name, [...(flags.get(option.name) ?? []), { owner, option }]);
    }
  }
  for (const declarations of flags.values()) command.addOption(flagOf(declarations));
  return command;
}

/** The values of these options among those that the parser hands over, where they are given. */
export function declaredValues(
  owners: readonly OptionOwner[],
  flags: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const names = new Set(owners.flatMap(({ options }) => Object.keys(options.shape)));
  return Object.fromEntries([...names].filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]));
}

function flagOf(declarations: readonly Declaration[]): Option {
  const { name, value = 'name', isSwitch } = declarations[0]!.option;
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const option = new Option(isSwitch ? flag : `${flag} <${value}>`, describe(declarations));
  const read = readerOf(declarations.map((declaration) => jsonSchema(declaration.option)));
  return read === undefined ? option : option.argParser(read);
}

/** "mods, alpagasus: lowest score to pick (default: 2.5, 4.5); deita: …" */
function describe(declarations: readonly Declaration[]): string {
  const groups = new Map<string, Declaration[]>();
  for (const declaration of declarations) {
    const { description } = declaration.option;
    const key = `${description}${choicesOf(declaration.option)}`;
    groups.set(key, [...(groups.get(key) ?? []), declaration]);
  }
  return [...groups]
    .map(([what, same]) => {
      const owners = same.flatMap(({ owner }) => owner ?? []).join(', ');
      return `${owners === '' ? '' : `${owners}: `}${what}${defaultsOf(same)}`;
    })
    .join('; ');
}

/** ": diverse, similar or random" */
function choicesOf(option: DeclaredOption): string {
  const { enum: words = [] } = jsonSchema(option);
  return words.length === 0 ? '' : `: ${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function defaultsOf(declarations: readonly Declaration[]): string {
  const all = declarations.flatMap(({ option: { defaultWords, defaultValue } }) => defaultWords ?? defaultValue ?? []);
  return all.length === 0 ? '' : ` (default: ${[...new Set(all)].join(', ')})`;
}

/** Texts stay as they are: their schema reads them. */
function readerOf(schemas: readonly OptionJsonSchema[]): ((text: string) => number) | undefined {
  if (schemas.every(({ type }) => type === 'integer')) {
    return whole(Math.min(...schemas.map(({ minimum }) => minimum ?? Number.MIN_SAFE_INTEGER)));
  }
  return schemas.every(({ type }) => type === 'number' || type === 'integer') ? decimal : undefined;
}

interface OptionJsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
}

function jsonSchema({ schema }: DeclaredOption): OptionJsonSchema {
  return jsonSchemaOf(schema) as OptionJsonSchema;
}
