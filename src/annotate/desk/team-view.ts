import { agreementOf } from '../../campaign/agreement.ts';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import type { ItemLabel } from '../../campaign/label-views.ts';
import { personQualities } from '../../campaign/person-quality.ts';
import { median } from '../../math/statistics.ts';
import { type ItemSimilarity, itemSimilarity, pairAgreements } from './answer-agreement.ts';
import type { DeskIndex } from './desk-index.ts';
import { REVIEW_LIMIT, type ReviewItem, type TeamOverview, UNNAMED } from './desk-views.ts';
import { itemExcerpt } from './item-views.ts';
import { personFigures } from './person-figures.ts';
import { byUrgency, reviewReasons } from './review-reasons.ts';

/** Fewer known times do not show what is usual. */
const FEWEST_TIMES = 10;
/** Length of a shown response in UTF-16 units: a screen or two, so that 200 items still load quickly. */
const LONGEST_SHOWN = 4000;

type LabelFigures = Pick<TeamOverview, 'agreement' | 'quality' | 'pairs' | 'reviewItems' | 'reviewTotal'>;

/** The lead's view of all work. Figures that depend only on labels are computed once per change of the labels. */
export class TeamView {
  readonly #index: DeskIndex;
  readonly #context: CampaignContext;
  /** Comparing words is slow, and a label that did not change is the same object. */
  readonly #similarities = new WeakMap<ItemLabel, ItemSimilarity>();
  #known: { readonly version: string; readonly figures: LabelFigures } | undefined;

  constructor(index: DeskIndex, context: CampaignContext) {
    this.#index = index;
    this.#context = context;
  }

  overview(): Omit<TeamOverview, 'progress'> {
    this.#index.refresh();
    const { version, labels, annotations } = this.#index;
    if (this.#known?.version !== version) this.#known = { version, figures: this.#labelFigures() };
    const { desk } = this.#context.state;
    const latestLabels = [...labels.values()].flatMap(({ byPerson }) => byPerson);
    const holds = desk.holds(this.#context.clock.now()).filter(({ ahead }) => !ahead);
    const { dropped, written } = this.#index.decisions;
    const submitted = annotations.filter(({ id }) => !written.has(id));
    const people = personFigures(submitted, latestLabels, desk.begun(), holds);
    return {
      people: people.map((person) => ({ ...person, isDropped: dropped.has(person.annotator) })),
      ...this.#known.figures,
    };
  }

  #labelFigures(): LabelFigures {
    const labels = [...this.#index.labels.values()];
    const similarities = labels.map((label) => this.#similarityOf(label));
    const items = this.#itemsToReview(labels);
    return {
      agreement: agreementOf(labels) ?? null,
      quality: personQualities(labels, (position) => this.#index.failingAnswer(this.#index.entry(position))?.response),
      pairs: pairAgreements(similarities.flatMap(({ pairs }) => pairs)),
      reviewItems: items.slice(0, REVIEW_LIMIT).map((item) => this.#shown(item)),
      reviewTotal: items.length,
    };
  }

  #similarityOf(label: ItemLabel): ItemSimilarity {
    const similarity = this.#similarities.get(label) ?? itemSimilarity(label);
    this.#similarities.set(label, similarity);
    return similarity;
  }

  #itemsToReview(labels: readonly ItemLabel[]) {
    const medianSeconds = medianAnswerSeconds(labels);
    return labels
      .filter(({ isDecided }) => !isDecided)
      .map((label) => {
        const entry = this.#index.entry(label.position);
        const { round, rank } = entry;
        const failingAnswer = this.#index.failingAnswer(entry)?.response;
        const lowestSimilarity = Math.min(1, ...this.#similarityOf(label).pairs.map(({ wordF1 }) => wordF1));
        return {
          label,
          round,
          rank,
          reasons: reviewReasons(label, { failingAnswer, lowestSimilarity, medianSeconds }),
        };
      })
      .filter(({ reasons }) => reasons.length > 0)
      .sort(byUrgency);
  }

  #shown({ label, ...item }: { label: ItemLabel } & Pick<ReviewItem, 'round' | 'rank' | 'reasons'>): ReviewItem {
    const { position } = label;
    return {
      number: position,
      ...item,
      excerpt: itemExcerpt(this.#context.instructions()[position]!),
      labels: label.byPerson.map(
        ({ annotator, verdict, response, comment, note, doubtful, seconds, submittedAtMs }) => ({
          annotator: annotator ?? UNNAMED,
          verdict,
          response: response === null ? null : shortened(response),
          comment: comment ?? null,
          note: note ?? null,
          doubtful: doubtful ?? false,
          seconds,
          submittedAtMs,
        }),
      ),
    };
  }
}

function medianAnswerSeconds(labels: readonly ItemLabel[]): number | null {
  const times = labels.flatMap(({ byPerson }) =>
    byPerson.flatMap(({ verdict, seconds }) => (verdict === 'accepted' && seconds !== null ? [seconds] : [])),
  );
  return times.length < FEWEST_TIMES ? null : median(times);
}

function shortened(response: string): string {
  return response.length <= LONGEST_SHOWN ? response : `${response.slice(0, LONGEST_SHOWN).toWellFormed()}…`;
}
