import { TrainingError } from '../domain/errors.ts';
import type { ModelRecord } from '../domain/round.ts';

const SERVE = 'Set trainer.serve.baseUrl in winnow.yaml, or have the training command print "baseUrl".';

/** A seed model that was trained but cannot be asked. */
export function modelNotServed({ round, name }: ModelRecord, because: string, hint: string = SERVE): TrainingError {
  return new TrainingError(`The model of round ${round}, ${name}, cannot be asked: ${because}.`, { hint });
}
