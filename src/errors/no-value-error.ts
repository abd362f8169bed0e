import { WinnowError } from './winnow-error.ts';

/** An instruction cannot be measured, whoever were asked; the message says what it lacks: "it has no response". */
export class NoValueError extends WinnowError {
  constructor(message: string) {
    super('NO_VALUE', message);
  }
}
