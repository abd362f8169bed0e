import { z } from 'zod';
import { textFormatNames } from '../../labels/training/registry.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import type { TrainerDefinition } from '../../trainers/trainer-definition.ts';

/** The keys of one kind of trainer. */
function keysOf({ name, summary, options, format }: TrainerDefinition) {
  const keys = { kind: z.literal(name).describe(summary), ...options.shape };
  if (typeof format === 'string') return z.strictObject(keys);
  const choice = z.enum(textFormatNames()).default(format.default).describe('of the training file');
  return z.strictObject({ ...keys, format: choice });
}

/** What trains the seed model. */
export function trainer() {
  const [first, ...others] = [...TRAINERS].map(keysOf);
  return z.discriminatedUnion('kind', [first!, ...others]);
}

/** Whether a trainer's models are their examples: free and at once. */
export function isImmediate({ kind }: z.output<ReturnType<typeof trainer>>): boolean {
  return TRAINERS.find(kind).isImmediate === true;
}

/** The name of the training format of a trainer's files. */
export function formatOf({ kind, ...options }: z.output<ReturnType<typeof trainer>>): string {
  const { format } = TRAINERS.find(kind);
  if (typeof format === 'string') return format;
  return 'format' in options ? String(options.format) : format.default;
}
