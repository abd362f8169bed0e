import { existsSync, realpathSync } from 'node:fs';
import { UsageError } from '../domain/errors.ts';

/** @throws UsageError when the output is a file the run reads or keeps its state in */
export function refuseToOverwrite(
  flag: string,
  output: string | undefined,
  inputs: readonly (string | undefined)[],
): void {
  if (output === undefined || !existsSync(output)) return;
  const target = realpathSync(output);
  const same = inputs.find((input) => input !== undefined && existsSync(input) && realpathSync(input) === target);
  if (same !== undefined) throw new UsageError(`${flag} ${output} would overwrite ${same}.`, 'Name another file.');
}
