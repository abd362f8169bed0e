import { readFile } from 'node:fs/promises';
import { LabelError } from '../domain/errors.ts';
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
    readonly round: number;
  },
): Promise<ImportSummary> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new LabelError(`${path} cannot be read: ${why}.`, { hint: 'Check the path.', cause: error });
  });
  const file = readLabelFile(decodeUtf8(bytes, path), path);
  const { tool, annotator = null, round } = options;
  const bridge = tool === undefined ? detectBridge(file) : BRIDGES.find(tool);
  const { annotations, ...decoded } = bridge.decode(file);
  const named = annotations.map((annotation) => ({ ...annotation, annotator: annotation.annotator ?? annotator }));
  return importLabels(context, { ...decoded, annotations: named }, { source: path, tool: bridge.name, round });
}

/** Letters of another encoding would become replacement marks in what models are trained on. */
function decodeUtf8(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new LabelError(`${path} is not valid UTF-8.`, {
      hint: 'Export it as UTF-8, or save it as "CSV UTF-8" where a spreadsheet wrote it.',
      cause: error,
    });
  }
}
