import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabeledExample } from '../domain/label.ts';
import { isJsonLines, type TrainingTextFormat, trainingFile } from '../labels/training/training-formats.ts';
import { writeFileAtomically } from '../records/write-file-atomically.ts';
import type { TrainingJob } from '../trainers/trainer.ts';

/** What a training reads, before it is written. `folder` is absolute and made where it is missing. */
export interface TrainingMaterial extends Pick<TrainingJob, 'round' | 'key' | 'seed' | 'examples' | 'folder'> {
  readonly heldOut: readonly LabeledExample[];
  readonly format: TrainingTextFormat;
}

/** Writes the files of a training into its folder; the same material gives the same files, byte for byte. */
export async function writeTrainingJob({ heldOut, format, ...job }: TrainingMaterial): Promise<TrainingJob> {
  await mkdir(job.folder, { recursive: true });
  const extension = isJsonLines(format) ? 'jsonl' : 'json';
  const write = async (name: string, examples: readonly LabeledExample[]) => {
    const path = join(job.folder, `${name}.${extension}`);
    await writeFileAtomically(path, trainingFile(format, examples));
    return path;
  };
  return {
    ...job,
    trainingFile: await write('train', job.examples),
    heldOutFile: await write('held-out', heldOut),
  };
}
