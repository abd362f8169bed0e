import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { failuresBefore } from '../../campaign/failures.ts';
import type { FailingAnswer } from './desk-views.ts';

/** What the seed model answered, by position. Read once a round: what a round was chosen by does not change. */
export class FailingAnswers {
  readonly #context: CampaignContext;
  readonly #rounds = new Map<number, ReadonlyMap<number, FailingAnswer>>();

  constructor(context: CampaignContext) {
    this.#context = context;
  }

  ofRound(round: number): ReadonlyMap<number, FailingAnswer> {
    const known = this.#rounds.get(round);
    if (known !== undefined) return known;
    const failures = failuresBefore(this.#context, this.#context.state.rounds.plans()[round - 1]!);
    const answers = new Map(
      [...failures].map(([position, { answer, answerModel, score, reason }]) => [
        position,
        { response: answer, model: answerModel, score, judgeReason: reason },
      ]),
    );
    this.#rounds.set(round, answers);
    return answers;
  }
}
