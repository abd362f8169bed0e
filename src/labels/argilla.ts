import { z } from 'zod';
import { isJsonObject } from '../domain/instruction.ts';
import { argillaRecord, readArgillaRecord } from './argilla-record.ts';
import { projectOption } from './http/label-server.ts';
import type { LabelBridge } from './label-bridge.ts';
import { decodeRecords, encodeJsonArray } from './record-codec.ts';

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

   dataset.records.to_json(…) can be imported too, but does not say which responses were submitted: drafts and \
discarded ones with a text would count as labels. Neither file has discarded responses without a text: those are \
seen only by a pull over HTTP.
`;

function isRecord(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  const nested = isJsonObject(value.fields) && ('responses' in value || 'suggestions' in value);
  return nested || '_server_id' in value || Object.keys(value).some((name) => name.endsWith('.responses'));
}

/**
 * Argilla 2: records with the draft as a suggestion; back what its API gives, and what the SDK's `to_list`
 * (flattened or not) and `to_json` write. Submitted responses are accepted and discarded ones skipped;
 * where the status was not written, a response counts as submitted. A suggestion is no response.
 */
export const argillaBridge: LabelBridge = {
  name: 'argilla',
  summary: 'Argilla 2',
  source: 'https://docs.argilla.io/latest/how_to_guides/import_export/',
  extension: '.json',
  setup: SETUP,
  encode: (tasks) => encodeJsonArray(tasks.map(argillaRecord)),
  detect: ({ records }) => records.some(({ value }) => isRecord(value)),
  decode: (file, options) => decodeRecords(file, readArgillaRecord, options),
  server: {
    serviceName: 'Argilla',
    keyVariable: 'ARGILLA_API_KEY',
    options: z.object({
      project: projectOption.describe('dataset name').meta({ value: '<name>' }),
      workspace: z.string().min(1).optional().describe('workspace name').meta({ value: '<name>' }),
    }),
    async open({ options, ...settings }) {
      const { argillaServer } = await import('./http/argilla-server.ts');
      const { project, workspace } = options;
      return argillaServer({ ...settings, dataset: String(project), workspace: workspace as string | undefined });
    },
  },
};
