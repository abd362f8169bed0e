import { readFile } from 'node:fs/promises';
import { LabelError } from '../domain/errors.ts';
import { decodeLabelText } from '../labels/decode-label-text.ts';
import { readLabelFile } from '../labels/read-label-file.ts';
import { BRIDGES, detectBridge } from '../labels/registry.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type ImportSummary, importLabels } from './import-labels.ts';

/** Reads an annotation tool's export and takes its labels in. @throws LabelError when nothing can be made of the file */
export async function importLabelFile(
  context: CampaignContext,
  path: string,
  options: {
    readonly tool?: string | undefined;
    /** Who answered, where the tool does not say. */
    readonly annotator?: string | undefined;
    /** The field, column, control or question that holds the answer. */
    readonly answerField?: string | undefined;
    readonly trustIds?: boolean | undefined;
    /** Where the file is not UTF-8. */
    readonly encoding?: string | undefined;
    readonly round: number;
  },
): Promise<ImportSummary> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new LabelError(`${path} cannot be read: ${why}.`, { hint: 'Check the path.', cause: error });
  });
  const file = readLabelFile(decodeLabelText(bytes, path, options.encoding), path);
  const { tool, annotator = null, answerField, trustIds, round } = options;
  const bridge = tool === undefined ? detectBridge(file) : BRIDGES.find(tool);
  const { annotations, ...decoded } = bridge.decode(file, { answerField });
  const named = annotations.map((annotation) => ({ ...annotation, annotator: annotation.annotator ?? annotator }));
  return importLabels(
    context,
    { ...decoded, annotations: named },
    { source: path, tool: bridge.name, round, trustIds },
  );
}
