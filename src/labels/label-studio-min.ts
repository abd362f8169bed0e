import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import {
  annotatorSchema,
  itemIdSchema,
  problemOf,
  secondsSchema,
  sourceIdSchema,
  timestampSchema,
} from './label-shapes.ts';
import { judgeResponse } from './label-studio-response.ts';
import type { RecordReading, UnreadRecord } from './record-codec.ts';

/** A control's value: a single text alone, several in a list, or as the full export has them. */
const collapsedTexts = (key: 'text' | 'choices') => {
  const inner = z.object({ [key]: z.union([z.string(), z.array(z.string())]) }).transform((value) => value[key]!);
  const one = z.union([z.string(), inner]);
  return z
    .union([one, z.array(one)], { error: 'is no text' })
    .nullish()
    .transform((given) => [given ?? []].flat(3));
};

const collapsedSchema = z.object({
  winnow_id: itemIdSchema,
  response: collapsedTexts('text'),
  verdict: collapsedTexts('choices'),
  annotator: annotatorSchema,
  annotation_id: sourceIdSchema,
  lead_time: secondsSchema,
  created_at: timestampSchema,
  updated_at: timestampSchema,
});

/** Whether a record is of a JSON-MIN or CSV export: one annotation each, its values beside the task's own. */
export function collapsedShape(value: unknown): boolean {
  return isJsonObject(value) && 'annotation_id' in value && 'lead_time' in value;
}

/** Reads one annotation of a JSON-MIN or CSV export. Neither knows skipped tasks or drafts. */
export function readCollapsed(value: unknown): RecordReading | UnreadRecord {
  const parsed = collapsedSchema.safeParse(value);
  if (!parsed.success) return { cause: problemOf(value, parsed.error) };
  const { winnow_id, response, verdict, annotator, annotation_id, lead_time, created_at, updated_at } = parsed.data;
  const choices = verdict.filter((choice) => choice !== '');
  const given = judgeResponse(response, choices);
  if (given === undefined) return { itemId: winnow_id, annotations: [], problems: [] };
  if (typeof given === 'string') return { itemId: winnow_id, annotations: [], problems: [given] };
  return {
    itemId: winnow_id,
    annotations: [
      {
        itemId: winnow_id,
        ...given,
        annotator,
        seconds: lead_time,
        submittedAtMs: updated_at ?? created_at,
        sourceId: annotation_id,
      },
    ],
    problems: [],
  };
}
