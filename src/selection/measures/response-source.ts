import { NoValueError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd } from '../../domain/money.ts';
import { type CallCost, NO_CALLS } from '../../domain/usage.ts';

/** The failure of an instruction without a response. */
export const NO_RESPONSE = 'it has no response';

/** Whether an instruction has no value because its record lacks something, so that a retry does not help. */
export function isLacking(measure: string, failure: string): boolean {
  return measure === 'field' || failure === NO_RESPONSE;
}

export interface GivenResponse {
  readonly text: string;
  readonly costMicroUsd: MicroUsd;
  /** Whether a model wrote it to be judged. */
  readonly isDraft?: boolean;
}

/** The source of the responses that are judged. */
export interface ResponseSource {
  /** Part of a measure's name: scores of other responses do not compare. */
  readonly name: string;
  /** The name for people. */
  readonly shortName: string;
  /** Most responses worth requesting at once. */
  readonly concurrency: number;
  /**
   * The cost of getting a response and then using it.
   * @param then the cost of using a response of this text. For a response that is still to be written it is called with a
   * usual one for the expected cost and with the longest possible one for the worst case
   * @param options.generation the last that it will be requested in
   */
  estimate(position: number, then: (response: string) => CallCost, options: { readonly generation: number }): CallCost;
  /**
   * @throws ReplyError | NoValueError when this instruction gets no response; BudgetExceededError | ProviderError; or the signal's reason
   */
  response(
    position: number,
    options: { readonly subject: string; readonly generation: number; readonly signal?: AbortSignal },
  ): Promise<GivenResponse>;
}

/** The responses of the records. An instruction without one gets no value; no model failed. */
export function givenResponses(instructions: readonly Instruction[]): ResponseSource {
  const given = (position: number) => instructions[position]!.output;
  return {
    name: 'the responses that are there',
    shortName: 'existing responses',
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
