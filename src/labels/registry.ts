import { LabelError } from '../domain/errors.ts';
import { Registry } from '../domain/registry.ts';
import { option, sentence } from '../domain/wording.ts';
import { argillaBridge } from './argilla.ts';
import { csvBridge } from './csv.ts';
import { doccanoBridge } from './doccano.ts';
import { jsonlBridge } from './jsonl.ts';
import type { LabelBridge } from './label-bridge.ts';
import type { LabelFile } from './label-file.ts';
import { labelStudioBridge } from './label-studio.ts';
import { prodigyBridge } from './prodigy.ts';

/** Every label bridge. A new one is added here and nowhere else. */
export const BRIDGES = new Registry<LabelBridge>('annotation tool', [
  labelStudioBridge,
  argillaBridge,
  prodigyBridge,
  doccanoBridge,
  jsonlBridge,
  csvBridge,
]);

/**
 * The bridge whose tool wrote a file.
 * @throws LabelError when it has no records, or looks like the export of no tool or of several
 */
export function detectBridge(file: LabelFile, bridges = BRIDGES): LabelBridge {
  const matching = [...bridges].filter((bridge) => bridge.detect(file));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  const count = file.records.length;
  if (count === 0) throw new LabelError('The label file has no records.', { hint: 'Check the export.' });
  const records = `${count} record${count === 1 ? '' : 's'}`;
  const names = (only === undefined ? [...bridges] : matching).map(({ name }) => name);
  throw new LabelError(
    only === undefined
      ? `The label file (${records}) does not look like the export of any known tool.`
      : `The label file (${records}) could be from ${names.join(' or ')}.`,
    { hint: sentence`Say which tool wrote it with ${option('from')}: ${names.join(', ')}.` },
  );
}
