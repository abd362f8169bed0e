import type { CampaignCaps, CampaignRoom, CampaignSpending } from '../domain/expense.ts';
import type { Agreement, PersonQuality } from '../domain/label-quality.ts';
import type { Stop } from '../domain/round.ts';
import { command, option, sentence, type Wording } from '../domain/wording.ts';
import { BRIDGES } from '../labels/registry.ts';
import { agreementOf } from './agreement.ts';
import { budgetCaps } from './budget-room.ts';
import type { CampaignContext } from './campaign-context.ts';
import { campaignProgress } from './campaign-progress.ts';
import { roundOutcomes } from './choosable-positions.ts';
import type { CampaignConfig } from './config/campaign-config.ts';
import { type CampaignGain, campaignGain } from './gain/campaign-gain.ts';
import { type CampaignCalibration, judgeCalibrations } from './judge-calibration.ts';
import { changedTermsNote } from './label-price.ts';
import { labelingState } from './labeling-state.ts';
import { measureScores } from './measure-model.ts';
import { type NextStep, nextStep } from './next-step.ts';
import { modelAnswers, personQualities } from './person-quality.ts';
import { isNotedRevision } from './pool-files.ts';
import type { FindFailuresDetails } from './step-details.ts';
import { exportDetails } from './step-details.ts';

/** A campaign at one moment, for people and for machines. */
export interface CampaignStatus {
  readonly folder: string;
  readonly pool: {
    readonly files: readonly { readonly path: string; readonly records: number; readonly added: number }[];
    readonly instructions: number;
  };
  readonly rounds: readonly RoundStatus[];
  readonly labels: {
    readonly labeled: number;
    readonly rejected: number;
    readonly skipped: number;
    readonly awaited: number;
    /** Null where no item was answered by two people. */
    readonly agreement: Agreement | null;
    /** By name. */
    readonly people: readonly PersonQuality[];
  };
  /** How far judges agree with people; empty until people have decided enough. */
  readonly judges: readonly CampaignCalibration[];
  /** What selecting gains over drawing at random; null where that is not measured yet. */
  readonly selection: CampaignGain | null;
  readonly spending: CampaignSpending;
  readonly caps: CampaignCaps;
  /** What is left under each cap that is set. */
  readonly room: CampaignRoom;
  readonly next: NextStep;
  /** The next command to type. */
  readonly command: CommandToType;
  /** Other ways to continue, if there is a choice. */
  readonly alternatives: readonly CommandToType[];
  readonly stop: Stop | null;
  /** What else a person should know now. */
  readonly notes: readonly string[];
}

export interface CommandToType {
  readonly line: Wording;
  /** Why, or what it does. */
  readonly because: string;
}

export interface RoundStatus {
  readonly number: number;
  readonly kind: 'seed' | 'necessity';
  readonly strategy: string;
  /** Why the round uses another strategy than the configured one; null where it switched to none. */
  readonly adapted: string | null;
  readonly planned: number;
  readonly selected: number;
  readonly labeled: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly awaited: number;
  readonly model: string | null;
  /** Null until the round's model was evaluated. */
  readonly outcome: FindFailuresDetails | null;
}

export async function campaignStatus(context: CampaignContext): Promise<CampaignStatus> {
  const { state, config, folder } = context;
  const labeling = labelingState(state, config.labels);
  const models = new Map(state.models.models().map(({ round, name }) => [round, name]));
  const outcomes = new Map(
    roundOutcomes(context).map((outcome) => [
      outcome.round,
      // Earlier versions stored no figures.
      { ...outcome, figures: outcome.figures ?? measureScores(context, outcome.round) },
    ]),
  );
  // What was withdrawn and handed out again belongs to the later round.
  const lastRound = new Map(labeling.handedOut.map(({ position, round }) => [position, round]));
  const rounds = state.rounds.plans().map((plan): RoundStatus => {
    const items = labeling.handedOut.filter(({ round }) => round === plan.number);
    const count = (wanted: string) =>
      items.filter(
        ({ position }) => lastRound.get(position) === plan.number && labeling.labels.get(position)?.state === wanted,
      ).length;
    const isWaiting = !state.rounds.isDone(plan.number, 'wait-for-labels');
    return {
      number: plan.number,
      kind: plan.kind,
      strategy: plan.strategy,
      adapted: plan.adapted?.reason ?? null,
      planned: plan.count + (plan.test ?? 0),
      selected: items.length,
      labeled: count('labeled'),
      rejected: count('rejected'),
      skipped: count('skipped'),
      awaited: isWaiting ? labeling.awaited(plan.number).length : 0,
      model: models.get(plan.number) ?? null,
      outcome: outcomes.get(plan.number) ?? null,
    };
  });
  const next = nextStep(await campaignProgress(context));
  const sum = (key: 'labeled' | 'rejected' | 'skipped' | 'awaited') =>
    rounds.reduce((total, round) => total + round[key], 0);
  return {
    folder,
    pool: {
      files: state.items
        .files()
        .filter((file) => !isNotedRevision(file))
        .map(({ path, records, added }) => ({ path, records, added })),
      instructions: state.items.count(),
    },
    rounds,
    labels: {
      labeled: sum('labeled'),
      rejected: sum('rejected'),
      skipped: sum('skipped'),
      awaited: sum('awaited'),
      agreement: agreementOf(labeling.labels.values()) ?? null,
      people: personQualities(labeling.labels.values(), modelAnswers(context)),
    },
    judges: judgeCalibrations(context),
    selection: campaignGain(context),
    spending: state.ledger.spending(),
    caps: budgetCaps(config),
    room: state.ledger.room(),
    next,
    ...nextCommands(context, next, rounds.at(-1)?.awaited ?? 0),
    stop: next.step === 'stop' ? next.stop : null,
    notes: openRoundNotes(context),
  };
}

/** While a round waits for labels. */
function openRoundNotes({ state, config }: CampaignContext): string[] {
  const plan = state.rounds.plans().at(-1);
  if (plan === undefined || state.rounds.isDone(plan.number, 'wait-for-labels')) return [];
  return [changedTermsNote(plan, config.labels)].filter((note) => note !== undefined);
}

function nextCommands(
  context: CampaignContext,
  next: NextStep,
  awaited: number,
): Pick<CampaignStatus, 'command' | 'alternatives'> {
  const only = (because: string) => ({ command: { line: NEXT, because }, alternatives: [] });
  if (next.step === 'stop') {
    const report = { line: sentence`${command('report')}`, because: 'shows the campaign on one page' };
    return { command: { line: sentence`${command('status')}`, because: next.stop.message }, alternatives: [report] };
  }
  if (next.step !== 'wait-for-labels') return only(PURPOSES[next.step]);
  if (awaited === 0) return only('all labels are in');
  const { url } = context.config.labels;
  const labels = awaited === 1 ? '1 label is' : `${awaited} labels are`;
  const path = context.state.rounds.step(next.round, 'export', exportDetails)?.path;
  const goOn = {
    line: sentence`${command('next', option('goOn', true))}`,
    because: 'continues without the missing labels',
  };
  if (isAnnotatedHere(context.config.labels)) {
    const annotate = { line: sentence`${command('annotate')}`, because: `${labels} awaited: annotate in the browser` };
    const byFile = { line: IMPORT, because: `imports ${path}, filled in` };
    return { command: annotate, alternatives: [byFile, goOn] };
  }
  const bringing =
    url === undefined
      ? { line: IMPORT, because: `${labels} awaited: annotate ${path}` }
      : { line: NEXT, because: `${labels} awaited: annotate at ${url}, then run winnow next to pull them` };
  return { command: bringing, alternatives: [goOn] };
}

const NEXT = sentence`${command('next')}`;
const IMPORT = sentence`${command('import')} <file>`;

const PURPOSES = {
  'add-pool': 'reads new pool files',
  'judge-quality': 'judges the quality of new instructions',
  'plan-round': 'plans the next round',
  select: 'chooses the instructions of the round',
  export: 'writes them for the annotators',
  train: 'trains the seed model on all labels',
  evaluate: 'has the seed model answer and the judge score',
  'find-failures': 'finds where the seed model fails',
} as const;

/** Whether people label in winnow's own page or in a plain file, and not in an annotation tool. */
export function isAnnotatedHere({ tool, url }: Pick<CampaignConfig['labels'], 'tool' | 'url'>): boolean {
  return url === undefined && BRIDGES.find(tool).isPlain === true;
}
