import type { CampaignContext } from '../campaign/campaign-context.ts';
import { roundTasks } from '../campaign/steps/export-tasks.ts';
import { SCALES } from '../judges/judge.ts';
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
    const { items } = this.#context.state;
    const answers = new Map(
      roundTasks(this.#context, round).flatMap(({ id, draft }) =>
        draft ? [[items.find(id)!, { ...draft, score: onScale(draft.score) }] as const] : [],
      ),
    );
    this.#rounds.set(round, answers);
    return answers;
  }
}

/** Tasks carry shares of the scale, as other tools want them; people are told scores as everywhere else. */
function onScale(share: number): number {
  const { min, max } = SCALES.necessity;
  return min + share * (max - min);
}
