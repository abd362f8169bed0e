import { isJsonObject } from '../domain/instruction.ts';
import type { LabelTask } from '../domain/label.ts';
import { readArgillaRecord } from './argilla-record.ts';
import { decodeRecords } from './decode-records.ts';
import { encodeJsonArray } from './encode-records.ts';
import type { LabelBridge } from './label-bridge.ts';
import { noteText, storableText, taskMetadata } from './task-text.ts';

const SETUP = `Argilla 2:
1. Create the dataset and load the file with the Python SDK:

   import argilla as rg
   client = rg.Argilla(api_url="…", api_key="…")
   settings = rg.Settings(
       fields=[rg.TextField("instruction"), rg.TextField("input", required=False), rg.TextField("note")],
       questions=[rg.TextQuestion("response")],
       allow_extra_metadata=True,
   )
   dataset = rg.Dataset("winnow", settings=settings).create()
   dataset.records.from_json("FILE")

2. Annotators write the response, or correct the suggested one, and submit; Discard passes an instruction over.
3. Bring the labels back with their status, and import that file here:

   import json
   json.dump(dataset.records(with_responses=True).to_list(flatten=True), open("labels.json", "w"))

   dataset.records.to_json(…) can be imported too, but does not say which responses were submitted:
   drafts and discarded ones with a text would count as labels. Neither file has discarded responses
   without a text: those are seen by --pull only.
`;

/** A record as the SDK's `from_json` reads it. */
export interface ArgillaRecord {
  /** Ours; the server calls it `external_id`. */
  readonly id: string;
  readonly fields: { readonly instruction: string; readonly input?: string; readonly note: string };
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly suggestions: {
    readonly response?: { readonly value: string; readonly score: number; readonly agent: string };
  };
  readonly responses: Readonly<Record<string, never>>;
  readonly vectors: Readonly<Record<string, never>>;
}

export function argillaRecord(task: LabelTask): ArgillaRecord {
  const { id, instruction, input, draft } = task;
  return {
    id,
    fields: {
      instruction: storableText(instruction),
      ...(input !== undefined && { input: storableText(input) }),
      note: noteText(task),
    },
    metadata: { winnow_id: id, ...taskMetadata(task) },
    suggestions:
      draft === undefined
        ? {}
        : { response: { value: storableText(draft.response), score: draft.score, agent: storableText(draft.model) } },
    responses: {},
    vectors: {},
  };
}

function isRecord(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const nested = isJsonObject(value.fields) && ('responses' in value || 'suggestions' in value);
  return nested || '_server_id' in value || 'response.responses' in value;
}

/**
 * Argilla 2: records with the draft as a suggestion; back what its API gives, and what the SDK's `to_list`
 * (flattened or not) and `to_json` write. Submitted responses are accepted and discarded ones skipped;
 * where the status was not written, a response counts as submitted. A suggestion is no response.
 */
export const argillaBridge: LabelBridge = {
  name: 'argilla',
  extension: '.json',
  setup: SETUP,
  encode: (tasks) => encodeJsonArray(tasks.map(argillaRecord)),
  detect: ({ records }) => records.some(({ value }) => isRecord(value)),
  decode: (file) => decodeRecords(file, readArgillaRecord),
};
