import { allowedValues } from '../../src/campaign/config/allowed-values.ts';
import { configJsonSchema, type OptionSchema } from '../../src/campaign/config/config-json-schema.ts';

interface Row {
  readonly path: string;
  readonly allowed: string;
  readonly usual: string;
  readonly meaning: string;
}

/** Every option of winnow.yaml as a Markdown table, for the docs and the test that compares it. */
export function configReference(): string {
  const rows = optionRows(configJsonSchema(), '', new Map());
  return [
    '| option | value | default | meaning |',
    '|---|---|---|---|',
    ...rows.map(({ path, allowed, usual, meaning }) => `| \`${path}\` | ${allowed} | ${usual} | ${meaning} |`),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** Options of a mapping in the order of the schema; a mapping like an earlier one is a single row that says so. */
function optionRows(schema: OptionSchema, prefix: string, seen: Map<string, string>): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, option]): Row[] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const required = schema.required?.includes(key) ?? false;
    if (option.oneOf) return option.oneOf.flatMap((kind) => kindRows(kind, path, seen));
    if (!option.properties) return [row(path, option, required)];
    const shape = JSON.stringify(option.properties);
    const twin = seen.get(shape);
    if (twin !== undefined) return [{ ...row(path, option, required), allowed: `as \`${twin}\`` }];
    seen.set(shape, path);
    return optionRows(option, path, seen);
  });
}

/** Options of one of several kinds, such as the trainers. */
function kindRows(kind: OptionSchema, path: string, seen: Map<string, string>): Row[] {
  const { kind: discriminator, ...properties } = kind.properties!;
  const name = String(discriminator!.const);
  const head = { path: `${path}.kind`, allowed: name, usual: '–', meaning: discriminator!.description ?? '' };
  const rows = optionRows({ ...kind, properties }, path, seen);
  return [head, ...rows.map((each) => ({ ...each, meaning: `${name}: ${each.meaning}` }))];
}

function row(path: string, option: OptionSchema, required: boolean): Row {
  const usual = JSON.stringify(option.default)?.replaceAll('"', '');
  return {
    path,
    allowed: allowedValues(option).replace(/ such as .*| that is not empty/g, ''),
    usual: required ? 'required' : usual === undefined || usual === '{}' || usual === '[]' ? '–' : usual,
    meaning: option.description ?? '',
  };
}
