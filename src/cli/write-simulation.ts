import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OutputError } from '../domain/errors.ts';
import { writeFileAtomically } from '../records/write-file-atomically.ts';
import { writeRecords } from '../records/write-records.ts';
import { cellRows, type SimulationDocument, summaryRows } from '../runs/simulate/result-tables.ts';

const FILES = { result: 'result.json', cells: 'cells.csv', summary: 'summary.csv', curves: 'curves.svg' } as const;

/** Where the files of a simulation are put. */
export function simulationFiles(folder: string): readonly string[] {
  return Object.values(FILES).map((file) => join(folder, file));
}

/**
 * Creates the folder if it does not exist, before time and money are spent on its files.
 * @throws OutputError when it cannot be created
 */
export function prepareFolder(folder: string): void {
  const there = statSync(folder, { throwIfNoEntry: false });
  if (there && !there.isDirectory()) {
    throw new OutputError(`"${folder}" is a file, but the results need a folder.`, { hint: 'Name a folder.' });
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new OutputError(`The folder "${folder}" cannot be created: ${(error as Error).message}.`, {
      hint: 'Name another folder with --output.',
      cause: error,
    });
  }
}

/**
 * Writes the results of a simulation into a folder and replaces those of an earlier one. Each file is written whole or
 * not at all.
 * @returns the paths of the files
 * @throws OutputError when one cannot be written
 */
export async function writeSimulation(document: SimulationDocument, folder: string): Promise<readonly string[]> {
  await writeFileAtomically(join(folder, FILES.result), `${JSON.stringify(document, null, 2)}\n`);
  await writeRecords(cellRows(document), join(folder, FILES.cells));
  await writeRecords(summaryRows(document.comparison), join(folder, FILES.summary));
  // Loads the plotting library only now, because it is large.
  const { curvesSvg } = await import('../runs/simulate/curves-svg.ts');
  await writeFileAtomically(join(folder, FILES.curves), curvesSvg(document));
  return simulationFiles(folder);
}
