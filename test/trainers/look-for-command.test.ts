import { chmodSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lookForCommand } from '../../src/trainers/look-for-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
const executable = folder.write('bin/train', '#!/bin/sh\n');
chmodSync(executable, 0o755);
folder.write('plain.sh', 'echo');
const look = (command: string) =>
  lookForCommand(command, { workingFolder: folder.path, environment: { PATH: folder.file('bin') } });

describe('lookForCommand', () => {
  it.each([
    ['train --epochs 3', 'finds '],
    ['bin/train', 'finds '],
    ['SEED=1 ./bin/train plain.sh', ' and plain.sh'],
  ])('finds the program, and the scripts, of %s', async (command, found) => {
    expect(await look(command)).toContain(found);
    expect(await look(command)).toContain(executable);
  });

  it.each([
    ['accelerate launch', 'No program "accelerate" is in PATH.'],
    ['./train.sh', 'There is no '],
    ['./plain.sh', 'may not be executed.'],
    ['train missing.py', 'There is no readable file missing.py in '],
  ])('says what is missing of %s', async (command, problem) => {
    await expect(look(command)).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: expect.stringContaining(problem),
      hint: expect.stringMatching(/trainer\.command/),
    });
  });

  it.each(['cd x && ./train', '"$TRAINER" now', '(train)'])(
    'leaves a line such as %s to the shell',
    async (command) => {
      expect(await look(command)).toMatch(/line for the shell/);
    },
  );
});
