import type { CampaignContext } from '../../campaign/campaign-context.ts';
import type { ItemLabel } from '../../campaign/label-views.ts';
import { median } from '../../math/statistics.ts';
import { jointAgreement, type Likeness, likenessOf, pairAgreements } from './answer-agreement.ts';
import type { DeskIndex } from './desk-index.ts';
import { type ItemToLookAt, LOOK_AGAIN_LIMIT, type Oversight, UNNAMED } from './desk-views.ts';
import type { FailingAnswers } from './failing-answers.ts';
import { itemExcerpt } from './item-views.ts';
import { byUrgency, lookAgainReasons } from './look-again.ts';
import { personFigures } from './person-figures.ts';

/** Fewer times than these say little of what is usual. */
const FEWEST_TIMES = 10;
/** Of a response, in UTF-16 units: a screen or two. A page of two hundred items has to stay loadable. */
const LONGEST_SHOWN = 4000;

type LabelFigures = Pick<Oversight, 'agreement' | 'pairs' | 'lookAgain' | 'lookAgainTotal'>;

/** Watches over everybody's work. What depends on labels alone is worked out once for as long as there are no others. */
export class Overseer {
  readonly #index: DeskIndex;
  readonly #failingAnswers: FailingAnswers;
  readonly #context: CampaignContext;
  /** Comparing words takes long; a label that nobody touched is the same object as before. */
  readonly #likeness = new WeakMap<ItemLabel, Likeness>();
  #known: { readonly version: string; readonly figures: LabelFigures } | undefined;

  constructor(index: DeskIndex, failingAnswers: FailingAnswers, context: CampaignContext) {
    this.#index = index;
    this.#failingAnswers = failingAnswers;
    this.#context = context;
  }

  look(): Omit<Oversight, 'progress'> {
    this.#index.refresh();
    const { version, labels, annotations } = this.#index;
    if (this.#known?.version !== version) this.#known = { version, figures: this.#labelFigures() };
    const { desk } = this.#context.state;
    const lastWords = [...labels.values()].flatMap(({ byPerson }) => byPerson);
    const holds = desk.holds(this.#context.clock.now());
    return { people: personFigures(annotations, lastWords, desk.begun(), holds), ...this.#known.figures };
  }

  #labelFigures(): LabelFigures {
    const labels = [...this.#index.labels.values()];
    const likenesses = labels.map((label) => this.#likenessOf(label));
    const items = this.#itemsToLookAt(labels);
    return {
      agreement: jointAgreement(likenesses),
      pairs: pairAgreements(likenesses.flatMap(({ pairs }) => pairs)),
      lookAgain: items.slice(0, LOOK_AGAIN_LIMIT).map((item) => this.#shown(item)),
      lookAgainTotal: items.length,
    };
  }

  #likenessOf(label: ItemLabel): Likeness {
    const likeness = this.#likeness.get(label) ?? likenessOf(label);
    this.#likeness.set(label, likeness);
    return likeness;
  }

  #itemsToLookAt(labels: readonly ItemLabel[]) {
    const medianSeconds = usualSeconds(labels);
    return labels
      .map((label) => {
        const { round, rank, position } = this.#index.entry(label.position);
        const failingAnswer = this.#failingAnswers.ofRound(round).get(position)?.response;
        const leastAlike = Math.min(1, ...this.#likenessOf(label).pairs.map(({ wordF1 }) => wordF1));
        return { label, round, rank, because: lookAgainReasons(label, { failingAnswer, leastAlike, medianSeconds }) };
      })
      .filter(({ because }) => because.length > 0)
      .sort(byUrgency);
  }

  #shown({ label, ...item }: { label: ItemLabel } & Pick<ItemToLookAt, 'round' | 'rank' | 'because'>): ItemToLookAt {
    const { position } = label;
    return {
      number: position,
      ...item,
      excerpt: itemExcerpt(this.#context.instructions()[position]!),
      said: label.byPerson.map(({ annotator, verdict, response, comment, seconds, submittedAtMs }) => ({
        annotator: annotator ?? UNNAMED,
        verdict,
        response: response === null ? null : shortened(response),
        comment: comment ?? null,
        seconds,
        submittedAtMs,
      })),
    };
  }
}

function usualSeconds(labels: readonly ItemLabel[]): number | null {
  const times = labels.flatMap(({ byPerson }) =>
    byPerson.flatMap(({ verdict, seconds }) => (verdict === 'accepted' && seconds !== null ? [seconds] : [])),
  );
  return times.length < FEWEST_TIMES ? null : median(times);
}

function shortened(response: string): string {
  return response.length <= LONGEST_SHOWN ? response : `${response.slice(0, LONGEST_SHOWN).toWellFormed()}…`;
}
