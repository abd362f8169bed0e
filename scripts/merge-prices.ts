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
  unconfirmed: z.iso.date().optional(),
  note: z.string().optional(),
});

interface KnownFacts {
  readonly input?: string;
  readonly cachedInput?: string;
  readonly batchFactor?: number;
  readonly unconfirmed?: string;
}

export type PriceTable = Record<string, { asOf: string; sources: string[]; models: Record<string, object> }>;

/**
 * Puts rows into a price table: what a row says replaces what the table says of that model, and new models come last.
 * @param asOf the day the rows were checked, YYYY-MM-DD: that of a provider's prices where the rows have all of them
 * @throws Error that names the row
 */
export function mergePrices(
  table: PriceTable,
  rows: readonly Readonly<Record<string, string>>[],
  { asOf, source }: { readonly asOf: string; readonly source: string },
): PriceTable {
  const merged = structuredClone(table);
  const read = new Map<string, Set<string>>();
  for (const [index, cells] of rows.entries()) {
    const row = rowSchema.safeParse(Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== '')));
    if (!row.success) throw new Error(`Row ${index + 1}: ${z.prettifyError(row.error)}`);
    const { provider, model, reasoning, ...facts } = row.data;
    const known = merged[provider] ?? { asOf, sources: [], models: {} };
    if (!known.sources.includes(source)) known.sources.push(source);
    // A price that was read again is no longer the unconfirmed one, unless the row says so.
    const { unconfirmed, ...before }: KnownFacts = known.models[model] ?? {};
    const isPriced = facts.input !== undefined;
    // Where cached input had no price of its own, it has none now.
    const hasOwnCached = before.cachedInput !== undefined && before.cachedInput !== before.input;
    known.models[model] = inOrder({
      ...(isPriced && !hasOwnCached
        ? { ...before, cachedInput: facts.input, batchFactor: before.batchFactor ?? 1 }
        : before),
      ...(unconfirmed === undefined || isPriced ? {} : { unconfirmed }),
      ...facts,
      ...(reasoning === 'true' ? { reasoning: true } : {}),
    });
    merged[provider] = known;
    read.set(provider, (read.get(provider) ?? new Set()).add(model));
  }
  for (const [provider, models] of read) {
    const known = merged[provider]!;
    // The date is that of all its prices.
    if (Object.keys(known.models).every((model) => models.has(model))) known.asOf = asOf;
  }
  return merged;
}

/** As the first of the table have them; others follow. */
const ORDER = ['input', 'cachedInput', 'output', 'batchFactor', 'batchCachedInput', 'contextTokens', 'maxOutputTokens'];

function inOrder(facts: object): object {
  const place = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  return Object.fromEntries(Object.entries(facts).sort(([a], [b]) => place(a) - place(b)));
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
