import { type Command, Option } from 'commander';
import { declaredOptions, type OptionsSchema } from '../../domain/options.ts';
import { servedEmbedderSettings } from '../../models/embedders/embedder-settings.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import { parsePrice } from '../../models/metering/prices.ts';
import { type OwnSettings, ownSettings, type SettingsOwner } from '../../models/own-settings.ts';
import { batchSettings, modelSettings } from '../../models/providers/provider-settings.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { addDeclaredFlags, declaredValues, type OptionOwner } from './declared-flags.ts';
import { whole } from './option-values.ts';

/** How settings of a model are read that are not texts. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  price: parsePrice,
  contextTokens: whole(1),
  reasoningTokens: whole(0),
};

/** Adds a flag for each setting: `--base-url <url>`. @param prefix of their names: `embedding` */
export function addModelFlags(command: Command, settings: OptionsSchema, prefix = ''): Command {
  for (const { name, value = '<name>', description } of declaredOptions(settings)) {
    const flag = `${prefix}${prefix === '' ? '' : '-'}${name}`.replace(
      /[A-Z]/g,
      (letter) => `-${letter.toLowerCase()}`,
    );
    const option = new Option(`--${flag} ${value}`, description);
    const read = READERS[name];
    command.addOption(read ? option.argParser(read) : option);
  }
  return command;
}

/** A flag for each setting of an LLM, those that only some providers have last. */
export function addProviderFlags(command: Command): Command {
  return addDeclaredFlags(addModelFlags(command, modelSettings), owners(PROVIDERS, batchSettings));
}

/** A flag for each setting of an embedder, those that only some have last. */
export function addEmbedderFlags(command: Command): Command {
  const usual = addModelFlags(command, servedEmbedderSettings, 'embedding');
  return addDeclaredFlags(usual, owners(EMBEDDERS, servedEmbedderSettings));
}

/** The settings given that only some providers have. */
export function providerOptions(flags: object): OwnSettings | undefined {
  return ownValues(flags, owners(PROVIDERS, batchSettings));
}

/** The settings given that only some embedders have. */
export function embedderOptions(flags: object): OwnSettings | undefined {
  return ownValues(flags, owners(EMBEDDERS, servedEmbedderSettings));
}

function owners(entries: Iterable<SettingsOwner>, usual: OptionsSchema): OptionOwner[] {
  return [...entries].map((entry) => ({ name: entry.name, options: ownSettings(entry, usual) }));
}

function ownValues(flags: object, all: readonly OptionOwner[]): OwnSettings | undefined {
  const values = declaredValues(all, { ...flags });
  return Object.keys(values).length === 0 ? undefined : values;
}
