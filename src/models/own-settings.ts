import { z } from 'zod';
import { UsageError } from '../domain/errors.ts';
import { type OptionsSchema, unwrapped } from '../domain/options.ts';
import { option, sentence } from '../domain/wording.ts';

/** What a provider or an embedder has for itself, by name. */
export type OwnSettings = Readonly<Record<string, unknown>>;

/** A provider or an embedder. */
export interface SettingsOwner {
  readonly name: string;
  readonly settings: OptionsSchema;
}

/** The settings that an entry has for itself: those of its schema beyond the `usual` ones. */
export function ownSettings({ settings }: SettingsOwner, usual: OptionsSchema): OptionsSchema {
  const own = Object.entries(settings.shape).filter(([name]) => !Object.hasOwn(usual.shape, name));
  return z.strictObject(Object.fromEntries(own));
}

/**
 * Checks what was given of an entry's own settings, and fills in defaults.
 * @returns undefined for an entry without own settings
 * @throws UsageError for a setting that it does not have, lacks or refuses
 */
export function parseOwnSettings(
  entry: SettingsOwner,
  usual: OptionsSchema,
  given: OwnSettings = {},
): OwnSettings | undefined {
  const schema = ownSettings(entry, usual);
  const parsed = schema.safeParse(given);
  if (!parsed.success) throw refusal(entry.name, schema, given, parsed.error.issues[0]!);
  return Object.keys(schema.shape).length === 0 ? undefined : parsed.data;
}

/** The settings that any of these entries has for itself, none required: for a mapping that belongs to one of them. */
export function ownFields(entries: Iterable<SettingsOwner>, usual: OptionsSchema): Readonly<Record<never, z.ZodType>> {
  const fields = new Map<string, z.ZodType[]>();
  for (const entry of entries) {
    for (const [name, field] of Object.entries(ownSettings(entry, usual).shape)) {
      fields.set(name, [...(fields.get(name) ?? []), field as z.ZodType]);
    }
  }
  return Object.fromEntries(
    [...fields].map(([name, all]) => {
      const schemas = all.map((field) => unwrapped(field).inner);
      const schema = schemas.length === 1 ? schemas[0]! : z.union(schemas);
      return [name, schema.optional().meta(all[0]!.meta() ?? {})];
    }),
  );
}

/** Of a mapping made by `ownFields`: the values that are the entry's own, and its defaults. */
export function ownValues(entry: SettingsOwner, usual: OptionsSchema, mapping: object): OwnSettings | undefined {
  const names = Object.keys(ownSettings(entry, usual).shape);
  const values = new Map(Object.entries(mapping));
  const given = names.filter((name) => values.get(name) !== undefined).map((name) => [name, values.get(name)]);
  const defaults = names.map((name) => [name, defaultOf(entry.settings.shape[name] as z.ZodType)]);
  return names.length === 0 ? undefined : Object.fromEntries([...defaults, ...given]);
}

/** The first setting of its own that an entry requires and a mapping lacks. */
export function missingOwnSetting(entry: SettingsOwner, usual: OptionsSchema, mapping: object): string | undefined {
  const { shape } = ownSettings(entry, usual);
  const lacks = (name: string) => (mapping as OwnSettings)[name] === undefined;
  return Object.keys(shape).find((name) => lacks(name) && !(shape[name] as z.ZodType).safeParse(undefined).success);
}

function defaultOf(field: z.ZodType): unknown {
  return field.safeParse(undefined).data;
}

function refusal(entry: string, schema: OptionsSchema, given: OwnSettings, issue: z.core.$ZodIssue): UsageError {
  if (issue.code === 'unrecognized_keys') {
    const names = Object.keys(schema.shape);
    const has = names.length === 0 ? 'It has no settings of its own.' : `It has ${names.join(', ')}.`;
    return new UsageError(sentence`${option(issue.keys[0]!)} means nothing to ${entry}.`, has);
  }
  const name = String(issue.path[0]);
  if (given[name] === undefined) return new UsageError(sentence`${entry} needs ${option(name)}.`);
  return new UsageError(sentence`${option(name)} is refused: ${issue.message}.`);
}
