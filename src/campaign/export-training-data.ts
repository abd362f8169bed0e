import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PRIVATE_FOLDER } from '../domain/file-permissions.ts';
import { TRAINING_FORMATS } from '../labels/training/registry.ts';
import type { TrainingFile, TrainingOptions, TrainingSplit } from '../labels/training/training-format.ts';
import { writeFileAtomically } from '../records/write-file-atomically.ts';
import { writeRecords } from '../records/write-records.ts';
import type { CampaignContext } from './campaign-context.ts';
import { splitLabels } from './training-split.ts';

export interface TrainingExport {
  readonly format: string;
  readonly folder: string;
  /** Relative to the folder. */
  readonly files: readonly string[];
  readonly examples: number;
  readonly heldOut: number;
}

/** Writes the labels so far in a training format; the same labels give the same files, byte for byte. */
export async function exportTrainingData(
  context: CampaignContext,
  format: string,
  folder: string,
  options: TrainingOptions = {},
): Promise<TrainingExport> {
  const split = await splitLabels(context);
  return writeTrainingFiles(format, folder, split, TRAINING_FORMATS.find(format).files(split, options));
}

/** Writes files below a folder, which is made if it is missing. */
export async function writeTrainingFiles(
  format: string,
  folder: string,
  { train, heldOut }: TrainingSplit<unknown>,
  files: readonly TrainingFile[],
): Promise<TrainingExport> {
  for (const { name, content } of files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER });
    if (typeof content === 'string') await writeFileAtomically(path, content, { isPrivate: true });
    else await writeRecords(content.records, path, { isPrivate: true });
  }
  return {
    format,
    folder,
    files: files.map(({ name }) => name),
    examples: train.length,
    heldOut: heldOut.length,
  };
}
