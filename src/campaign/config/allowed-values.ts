import type { OptionSchema } from './config-json-schema.ts';

/** What may be written for an option, to go on from "it must be": "a number from 0 to 1", "one of a, b, c". */
export function allowedValues(schema: OptionSchema): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.format === 'usd') return 'an amount of dollars such as 2.50, with at most six decimals';
  if (schema.format === 'uri') return 'a web address such as http://localhost:8000/v1';
  const alternatives = schema.properties ? undefined : (schema.anyOf ?? schema.oneOf);
  const kinds = alternatives?.map(({ properties }) => properties?.kind?.const);
  if (kinds?.every((kind) => kind !== undefined)) return `a mapping whose kind is one of ${kinds.join(', ')}`;
  if (alternatives) return [...new Set(alternatives.map(allowedValues))].join(' or ');
  if (typeof schema.type === 'object') return schema.type.map((type) => allowedValues({ type })).join(' or ');
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'array':
      return `a list${schema.minItems ? ` of at least ${schema.minItems}` : ''}, each ${allowedValues(schema.items!)}`;
    case 'object':
      return schema.properties
        ? `a mapping with the keys ${Object.keys(schema.properties).join(', ')}`
        : 'a mapping of names to values';
    default:
      return schema.minLength ? 'a text that is not empty' : 'a text';
  }
}

function range({ minimum, maximum, exclusiveMinimum }: OptionSchema): string {
  if (exclusiveMinimum !== undefined) {
    return ` above ${exclusiveMinimum}${maximum === undefined ? '' : ` and at most ${maximum}`}`;
  }
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` of at least ${minimum}`;
  return maximum === undefined ? '' : ` of at most ${maximum}`;
}
