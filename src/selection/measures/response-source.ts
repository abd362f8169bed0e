import { NoValueError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd } from '../../domain/money.ts';
import { type CallCost, NO_CALLS } from '../../domain/usage.ts';

/** Why an instruction without a response gets no value. */
export const NO_RESPONSE = 'it has no response';

/** Whether an instruction has no value because its record lacks something, so that trying again does not help. */
export function isLacking(measure: string, failure: string): boolean {
  return measure === 'field' || failure === NO_RESPONSE;
}

export interface GivenResponse {
  readonly text: string;
  readonly costMicroUsd: MicroUsd;
  /** Whether a model wrote it for the purpose. */
  readonly isDraft?: boolean;
}

/** Where the responses come from that are judged. */
export interface ResponseSource {
  /** Part of what a measure is called: scores of other responses do not compare. */
  readonly name: string;
  /** The same for people. */
  readonly shortName: string;
  /** Most responses worth asking for at once. */
  readonly concurrency: number;
  /**
   * What having a response and then doing something with it will take.
   * @param then what that will take for a response of this text; where it is still to be written, asked with a usual
   * one for what is expected and with one as long as there can be for the worst case
   * @param options.generation up to which it will be asked for
   */
  estimate(position: number, then: (response: string) => CallCost, options: { readonly generation: number }): CallCost;
  /**
   * @throws ReplyError | NoValueError when none can be had for this instruction; BudgetExceededError | ProviderError; or the signal's reason
   */
  response(
    position: number,
    options: { readonly subject: string; readonly generation: number; readonly signal?: AbortSignal },
  ): Promise<GivenResponse>;
}

/** The responses the records came with. An instruction without one gets no value, which is no fault of a model's. */
export function givenResponses(instructions: readonly Instruction[]): ResponseSource {
  const given = (position: number) => instructions[position]!.output;
  return {
    name: 'the responses that are there',
    shortName: 'the responses that are there',
    concurrency: 1,
    estimate: (position, then) => {
      const text = given(position);
      return text === undefined ? NO_CALLS : then(text);
    },
    response: async (position) => {
      const text = given(position);
      if (text === undefined) throw new NoValueError(NO_RESPONSE);
      return { text, costMicroUsd: 0 };
    },
  };
}
