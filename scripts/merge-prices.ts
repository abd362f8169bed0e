import { z } from 'zod';

const amount = z.string().regex(/^\d+(?:\.\d{1,6})?$/, 'is not a decimal number of dollars');
const count = z.coerce.number().int().nonnegative();

/** A row of the table that the user names. Cells that are empty say nothing. */
const rowSchema = z.strictObject({
  provider: z.string().min(1),
  model: z.string().min(1),
  input: amount.optional(),
  cachedInput: amount.optional(),
  output: amount.optional(),
  batchFactor: z.coerce.number().positive().max(1).optional(),
  contextTokens: count.optional(),
  maxOutputTokens: count.optional(),
  reasoning: z.enum(['true', 'false']).optional(),
  dimensions: count.optional(),
  retired: z.iso.date().optional(),
  note: z.string().optional(),
});

export type PriceTable = Record<string, { asOf: string; sources: string[]; models: Record<string, object> }>;

/**
 * Puts rows into a price table: what a row says replaces what the table says of that model, and new models come last.
 * @param asOf the day the rows were checked, YYYY-MM-DD
 * @throws Error that names the row
 */
export function mergePrices(
  table: PriceTable,
  rows: readonly Readonly<Record<string, string>>[],
  { asOf, source }: { readonly asOf: string; readonly source: string },
): PriceTable {
  const merged = structuredClone(table);
  for (const [index, cells] of rows.entries()) {
    const row = rowSchema.safeParse(Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== '')));
    if (!row.success) throw new Error(`Row ${index + 1}: ${z.prettifyError(row.error)}`);
    const { provider, model, reasoning, ...facts } = row.data;
    const known = merged[provider] ?? { asOf, sources: [], models: {} };
    known.asOf = asOf;
    if (!known.sources.includes(source)) known.sources.push(source);
    const usual = facts.input === undefined ? {} : { cachedInput: facts.cachedInput ?? facts.input, batchFactor: 1 };
    known.models[model] = {
      ...usual,
      ...known.models[model],
      ...facts,
      ...(reasoning === 'true' ? { reasoning: true } : {}),
    };
    merged[provider] = known;
  }
  return merged;
}

/** The table as it is kept: a model a line. */
export function writePrices(table: PriceTable): string {
  const providers = Object.entries(table).map(([name, { asOf, sources, models }]) => {
    const lines = Object.entries(models).map(([model, facts]) => `      ${JSON.stringify(model)}: ${spaced(facts)}`);
    return [
      `  ${JSON.stringify(name)}: {`,
      `    "asOf": ${JSON.stringify(asOf)},`,
      `    "sources": [${sources.map((source) => JSON.stringify(source)).join(', ')}],`,
      `    "models": {\n${lines.join(',\n')}\n    }`,
      '  }',
    ].join('\n');
  });
  return `{\n${providers.join(',\n')}\n}\n`;
}

function spaced(facts: object): string {
  const pairs = Object.entries(facts).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return `{ ${pairs.join(', ')} }`;
}
