import { allowedValues } from '../../src/campaign/config/allowed-values.ts';
import type { OptionSchema } from '../../src/campaign/config/config-json-schema.ts';
import { type DeclaredOption, declaredOptions, jsonSchemaOf } from '../../src/domain/options.ts';
import { JUDGES } from '../../src/selection/judges/registry.ts';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { scoringSchema } from '../../src/selection/strategies/scoring-options.ts';
import { takesScores } from '../../src/selection/strategies/strategy-options.ts';

/** Every option of strategies and judges as a Markdown table, for the docs and the test that compares it. */
export function strategyReference(): string {
  const scored = [...STRATEGIES].filter(takesScores).map(({ name }) => name);
  const shared = declaredOptions(scoringSchema).map((option) => row(option, scored));
  const ofJudges = [...JUDGES].flatMap(({ name, options }) =>
    declaredOptions(options).map((option) => row(option, [`judge ${name}`])),
  );
  const own = [...STRATEGIES].flatMap(({ name, options }) =>
    declaredOptions(options)
      .filter((option) => !(option.name in scoringSchema.shape))
      .map((option) => row(option, [name])),
  );
  return ['| option | of | value | default | meaning |', '|---|---|---|---|---|', ...shared, ...ofJudges, ...own]
    .map((line) => `${line}\n`)
    .join('');
}

function row({ name, value, isSwitch, schema, description, ...option }: DeclaredOption, owners: string[]): string {
  const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const allowed = allowedValues(jsonSchemaOf(schema) as OptionSchema).replace(/ that is not empty/, '');
  const usual = option.defaultWords ?? option.defaultValue ?? '–';
  const cells = [`\`${isSwitch ? flag : `${flag} <${value}>`}\``, owners.join(', '), allowed, usual, description];
  return `| ${cells.join(' | ')} |`;
}
