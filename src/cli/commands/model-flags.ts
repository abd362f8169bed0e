import { type Command, Option } from 'commander';
import { declaredOptions, type OptionsSchema } from '../../domain/options.ts';
import { parsePrice } from '../../models/metering/prices.ts';
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
