import type { Instruction } from '../../domain/instruction.ts';
import type { MicroUsd } from '../../domain/money.ts';
import type { CallCost } from '../../domain/usage.ts';

/** Where the responses come from that are judged. */
export interface ResponseSource {
  /** Part of what a measure is called: scores of other responses do not compare. */
  readonly name: string;
  /**
   * What having a response and then doing something with it will take.
   * @param then what that will take for a response of this text; asked with one as long as there can be where it is still to be written
   */
  estimate(position: number, then: (response: string) => CallCost): CallCost;
  /**
   * @throws ReplyError when none can be had for this instruction; BudgetExceededError | ProviderError; or the signal's reason
   */
  response(
    position: number,
    options: { readonly subject: string; readonly generation?: number; readonly signal?: AbortSignal },
  ): Promise<{ readonly text: string; readonly costMicroUsd: MicroUsd }>;
}

/** The responses the records came with. */
export function givenResponses(instructions: readonly Instruction[]): ResponseSource {
  const given = (position: number) => instructions[position]!.output ?? '';
  return {
    name: 'the responses that are there',
    estimate: (position, then) => then(given(position)),
    response: async (position) => ({ text: given(position), costMicroUsd: 0 }),
  };
}
