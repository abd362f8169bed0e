import { readFile } from 'node:fs/promises';
import { LabelError } from '../errors/label-error.ts';
import { detectBridge, findBridge } from '../labels/bridges.ts';
import type { BridgeName } from '../labels/label-bridge.ts';
import { readLabelFile } from '../labels/read-label-file.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type ImportSummary, importLabels } from './import-labels.ts';

/** Reads an annotation tool's export and takes its labels in. @throws LabelError when nothing can be made of the file */
export async function importLabelFile(
  context: CampaignContext,
  path: string,
  { tool, round }: { readonly tool?: BridgeName | undefined; readonly round: number },
): Promise<ImportSummary> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new LabelError(`${path} cannot be read: ${why}.`, { hint: 'Check the path.', cause: error });
  });
  const file = readLabelFile(bytes.toString('utf8'), path);
  const bridge = tool === undefined ? detectBridge(file) : findBridge(tool);
  return importLabels(context, bridge.decode(file), { source: path, tool: bridge.name, round });
}
