import { LabelError } from '../domain/errors.ts';
import { option, sentence } from '../domain/wording.ts';
import { argillaBridge } from './argilla.ts';
import { csvBridge } from './csv.ts';
import { doccanoBridge } from './doccano.ts';
import { jsonlBridge } from './jsonl.ts';
import { BRIDGES, type BridgeName, type LabelBridge, type LabelFile } from './label-bridge.ts';
import { labelStudioBridge } from './label-studio.ts';
import { prodigyBridge } from './prodigy.ts';

/** Every bridge. A new one is added here and to `BRIDGES`. */
export const BRIDGES_BY_NAME: Readonly<Record<BridgeName, LabelBridge>> = {
  'label-studio': labelStudioBridge,
  argilla: argillaBridge,
  prodigy: prodigyBridge,
  doccano: doccanoBridge,
  jsonl: jsonlBridge,
  csv: csvBridge,
};

/** @throws LabelError listing the bridges */
export function findBridge(name: string): LabelBridge {
  const known = BRIDGES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new LabelError(`There is no annotation tool "${name}".`, { hint: `Use one of: ${BRIDGES.join(', ')}.` });
  }
  return BRIDGES_BY_NAME[known];
}

/**
 * The bridge whose tool wrote a file.
 * @throws LabelError when it has no records, or looks like none or several of the tools' files
 */
export function detectBridge(file: LabelFile): LabelBridge {
  const matching = BRIDGES.map((name) => BRIDGES_BY_NAME[name]).filter((bridge) => bridge.detect(file));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only;
  const count = file.records.length;
  if (count === 0) throw new LabelError('The file of labels holds no records.', { hint: 'Check the export.' });
  const hint = sentence`Say which tool wrote it with ${option('from')}: ${BRIDGES.join(', ')}.`;
  const records = `${count} record${count === 1 ? '' : 's'}`;
  throw new LabelError(
    only === undefined
      ? `The file of labels (${records}) looks like the export of no tool that winnow knows.`
      : `The file of labels (${records}) could be from ${matching.map(({ name }) => name).join(' or ')}.`,
    {
      hint:
        only === undefined
          ? hint
          : sentence`Say which with ${option('from')}: ${matching.map(({ name }) => name).join(' or ')}.`,
    },
  );
}
