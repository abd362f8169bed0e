import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PRIVATE_FOLDER } from '../domain/file-permissions.ts';
import type { LabeledExample } from '../domain/label.ts';
import { trainingText } from '../labels/training/registry.ts';
import { writeFileAtomically } from '../records/write-file-atomically.ts';
import type { TrainingJob } from '../trainers/trainer.ts';

/** What a training reads, before it is written. `folder` is absolute and made where it is missing. */
export interface TrainingMaterial extends Pick<TrainingJob, 'round' | 'key' | 'seed' | 'examples' | 'folder'> {
  readonly heldOut: readonly LabeledExample[];
  /** The name of a training format. */
  readonly format: string;
}

/** Writes the files of a training into its folder; the same material gives the same files, byte for byte. */
export async function writeTrainingJob({ heldOut, format, ...job }: TrainingMaterial): Promise<TrainingJob> {
  await mkdir(job.folder, { recursive: true, mode: PRIVATE_FOLDER });
  const { extension, encode } = trainingText(format);
  const write = async (name: string, examples: readonly LabeledExample[]) => {
    const path = join(job.folder, `${name}${extension}`);
    await writeFileAtomically(path, encode(examples), { isPrivate: true });
    return path;
  };
  return {
    ...job,
    trainingFile: await write('train', job.examples),
    heldOutFile: await write('held-out', heldOut),
  };
}
