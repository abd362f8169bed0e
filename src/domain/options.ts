import { z } from 'zod';

/**
 * How an option of a strategy, provider, trainer or bridge is shown, beside its schema: with `.describe()` for what it
 * does, in one line, and `.meta()` for the rest. The command line, winnow.yaml's schema and the docs are
 * generated from both.
 */
export interface OptionMeta {
  /** What the command line shows for its value: `<n>`. Absent: `<name>`, or nothing for a switch. */
  readonly value?: string;
  /** Where the default depends on something: "by the pool". Absent: the schema's default, if it has one. */
  readonly defaultWords?: string;
  /** It changes what is said of the picks, not which they are: a run goes on with another value of it. */
  readonly explains?: true;
}

/** The options of one object: a zod object whose fields carry their description and `OptionMeta`. */
export type OptionsSchema = z.ZodObject;

/** One option as every face needs it. */
export interface DeclaredOption extends OptionMeta {
  /** As the library and winnow.yaml have it: `perQuery`. */
  readonly name: string;
  readonly description: string;
  readonly schema: z.ZodType;
  /** Whether it is a switch, which takes no value on the command line. */
  readonly isSwitch: boolean;
  readonly defaultValue: unknown;
}

/** The options a schema declares, in its order. @throws Error for an option without a description: a fault of ours */
export function declaredOptions(schema: OptionsSchema): DeclaredOption[] {
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...meta } = (field.meta() ?? {}) as OptionMeta & { description?: string };
    if (description === undefined) throw new Error(`The option "${name}" has no description.`);
    const { inner, defaultValue } = unwrapped(field);
    return { name, description, ...meta, schema: field, isSwitch: inner instanceof z.ZodBoolean, defaultValue };
  });
}

/** A schema without its default and `optional`, and the default. */
export function unwrapped(schema: z.ZodType): { inner: z.ZodType; defaultValue: unknown } {
  let inner: unknown = schema;
  let defaultValue: unknown;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodPrefault || inner instanceof z.ZodOptional) {
    if (!(inner instanceof z.ZodOptional)) defaultValue = inner.def.defaultValue;
    inner = inner.unwrap();
  }
  return { inner: inner as z.ZodType, defaultValue };
}

/** Draft 07 of JSON Schema, what the YAML language server has always read, for what a user writes. */
export function jsonSchemaOf(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  const { $schema, ...described } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    override: ({ jsonSchema }) => {
      // The range of whole numbers themselves tells a user nothing.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      delete jsonSchema.value;
      delete jsonSchema.defaultWords;
      delete jsonSchema.explains;
    },
  });
  return described;
}
