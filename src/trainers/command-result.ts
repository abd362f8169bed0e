import { z } from 'zod';
import { type MicroUsd, parseUsd } from '../domain/money.ts';
import type { AttemptFiles } from './command-attempt.ts';
import { lastJsonObject, outputTail, shownLines } from './output-tail.ts';
import type { TrainedModel } from './trainer.ts';

const SHOWN_LINES = 5;
const EXPECTED = '{"model": "seed-r1", "baseUrl": "http://localhost:8000/v1", "costUsd": 0.4}';

/** Programs compute amounts in floating point; what is below a micro-dollar is rounded up. */
const usd = z.union([z.number().min(0).max(1e9), z.string()]).transform((value, context): MicroUsd => {
  const amount = typeof value === 'string' ? parseUsd(value) : Math.ceil(Number((value * 1e6).toFixed(3)));
  if (amount === undefined) context.addIssue({ code: 'custom', message: 'must be an amount of dollars such as 0.40' });
  return amount ?? z.NEVER;
});

const resultSchema = z.object({
  model: z.string('must name the model').min(1, 'must name the model').max(500),
  baseUrl: z
    .url({ protocol: /^https?$/, error: 'must be a web address' })
    .refine((url) => !/[?@]/.test(url), 'must hold no user name, password or query')
    .nullish(),
  costUsd: usd.nullish(),
});

/** What a command that ended well says it made; or why that cannot be used, as the end of a sentence about it. */
export async function commandResult(
  files: AttemptFiles,
  known: { readonly attempt: number; readonly seconds: number; readonly usualMicroUsd: MicroUsd },
): Promise<TrainedModel | { readonly problem: string }> {
  const { attempt, seconds, usualMicroUsd } = known;
  const found = lastJsonObject(await outputTail(files.stdout));
  const expected = `as the last line of JSON of its standard output: ${EXPECTED}; baseUrl and costUsd may be left out`;
  if (!found) return { problem: `ended well but did not name the model it made, ${expected}` };
  const result = resultSchema.safeParse(found);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
    return { problem: `ended well but what it says of the model cannot be used (${issues}). Expected ${expected}` };
  }
  const { model: name, baseUrl, costUsd } = result.data;
  return {
    name,
    baseUrl: baseUrl ?? null,
    costMicroUsd: costUsd ?? usualMicroUsd,
    details: { attempt, seconds, output: files.output },
  };
}

/** Names of variables whose values are secret. */
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PASSWORD)$/i;
/** Shorter ones are words that stand in texts by chance. */
const SHORTEST_SECRET = 8;

/** The end of what the command wrote, for messages: without the keys that it was given. */
export async function outputShown(
  files: AttemptFiles,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const secrets = Object.entries(environment).flatMap(([name, value = '']) =>
    SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET ? [value] : [],
  );
  const parts = await Promise.all(
    [['standard error', files.stderr] as const, ['standard output', files.stdout] as const].map(
      async ([name, path]) => {
        const lines = await outputTail(path);
        const shown = shownLines(
          lines.map((line) => secrets.reduce((text, secret) => text.replaceAll(secret, '…'), line)),
          SHOWN_LINES,
        );
        return shown === '' ? [] : [`The end of its ${name}:\n${shown}`];
      },
    ),
  );
  return parts.flat().join('\n') || 'It wrote nothing.';
}
