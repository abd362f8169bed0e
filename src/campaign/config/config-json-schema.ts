import { isJsonObject } from '../../domain/instruction.ts';
import { jsonSchemaOf } from '../../domain/options.ts';
import { campaignConfigSchema } from './campaign-config.ts';

/** The part of JSON Schema that describes winnow.yaml. */
export interface OptionSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number;
  /** `usd` and `uri` among them. */
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, OptionSchema>>;
  readonly required?: readonly string[];
  readonly items?: OptionSchema;
  readonly additionalProperties?: boolean | OptionSchema;
  readonly oneOf?: readonly OptionSchema[];
  /** Beside properties: what must hold too, such as the options of the strategy that is named. */
  readonly anyOf?: readonly OptionSchema[];
}

let generated: { readonly from: object; readonly schema: OptionSchema } | undefined;

/**
 * The JSON Schema of winnow.yaml, for editors, which check and complete the file with it. Checks across keys are not in
 * it, except for the options of strategies; parseConfig has them all.
 */
export function configJsonSchema(): OptionSchema {
  const from = campaignConfigSchema();
  if (generated?.from === from) return generated.schema;
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...jsonSchemaOf(from.meta({ title: 'winnow.yaml', description: 'A winnow campaign' })),
  } as OptionSchema;
  generated = { from, schema };
  return schema;
}

/**
 * Finds what may stand at a path.
 * @param root the configuration, which decides between alternatives such as the trainers
 * @returns undefined where nothing may
 */
export function schemaAt(path: readonly PropertyKey[], root: unknown): OptionSchema | undefined {
  let schema: OptionSchema | undefined = configJsonSchema();
  let value = root;
  for (const key of path) {
    schema = below(ofKind(schema, value), String(key), value);
    if (!schema) return undefined;
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  schema = ofKind(schema, value);
  return schema.oneOf ? alternative(schema.oneOf, value) : schema;
}

/** Of a value that may be a text or a mapping, such as a pool file: what describes a mapping, if it is one. */
function ofKind(schema: OptionSchema, value: unknown): OptionSchema {
  if (schema.anyOf === undefined || schema.properties || !isJsonObject(value)) return schema;
  return schema.anyOf.find(({ properties }) => properties) ?? schema;
}

function below(schema: OptionSchema, key: string, value: unknown): OptionSchema | undefined {
  if (schema.oneOf) {
    const kinds = schema.oneOf.map(({ properties }) => properties![key]);
    if (kinds.every((kind) => kind?.const !== undefined)) return { enum: kinds.map((kind) => kind!.const!) };
    return below(alternative(schema.oneOf, value), key, value);
  }
  if (schema.properties && Object.hasOwn(schema.properties, key)) return schema.properties[key];
  if (schema.items) return schema.items;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

/** The alternative whose constants the value has; the first if none fits. */
function alternative(schemas: readonly OptionSchema[], value: unknown): OptionSchema {
  const fits = ({ properties }: OptionSchema) =>
    Object.entries(properties ?? {}).every(
      ([key, { const: constant }]) =>
        constant === undefined || (value as Record<string, unknown> | null | undefined)?.[key] === constant,
    );
  return schemas.find(fits) ?? schemas[0]!;
}
