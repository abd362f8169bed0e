import { command, option, sentence, type Wording } from '../../domain/wording.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { labelExpenseKey } from '../expense-names.ts';
import { type ImportSummary, importLabels, refusedCount } from '../import-labels.ts';
import { changedTermsNote } from '../label-price.ts';
import { labelingState } from '../labeling-state.ts';
import { isAnnotatedHere } from '../status.ts';
import { exportDetails } from '../step-details.ts';
import { FREE_STEP, type PreparedStep, pauseAfter, type StepOutcome } from '../step-outcome.ts';

export interface WaitDetails {
  readonly labeled: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Unanswered; they may be chosen again. */
  readonly withdrawn: number;
  /** What was pulled from the annotation tool; null if none is connected. */
  readonly pulled: ImportSummary | null;
}

/**
 * Ends when all annotators have answered, or at once with `goOn`: then unanswered items are withdrawn and their
 * money is released. Labels that come later are still imported.
 */
export function prepareWaitForLabels(
  context: CampaignContext,
  round: number,
  { goOn }: { readonly goOn?: boolean | undefined },
): PreparedStep<WaitDetails> {
  const { state, signal } = context;
  return {
    ...FREE_STEP,
    step: 'wait-for-labels',
    round,
    run: async () => {
      let pulled: ImportSummary | null;
      try {
        pulled = await pullLabels(context, round);
      } catch (error) {
        return pauseAfter(error, signal);
      }
      // People may submit labels at this moment, so checking and closing are one transaction.
      return state.transaction(() => closeRound(context, round, { pulled, goOn }));
    },
  };
}

function closeRound(
  context: CampaignContext,
  round: number,
  { pulled, goOn }: { readonly pulled: ImportSummary | null; readonly goOn: boolean | undefined },
): StepOutcome<WaitDetails> {
  const { state, config } = context;
  const labeling = labelingState(state, config.labels);
  const awaited = labeling.awaited(round);
  if (awaited.length > 0 && !goOn) {
    const total = labeling.handedOut.filter((item) => item.round === round).length;
    const refused = pulled === null ? 0 : refusedCount(pulled);
    const changed = changedTermsNote(state.rounds.plans()[round - 1]!, config.labels);
    return {
      done: false,
      because: 'waiting',
      message: [
        `Waiting for ${awaited.length} of ${total === 1 ? '1 label' : `${total} labels`}.`,
        refused === 0
          ? undefined
          : `${refused === 1 ? '1 pulled record was' : `${refused} pulled records were`} not imported.`,
        changed,
      ]
        .filter(Boolean)
        .join(' '),
      hint:
        refused === 0
          ? waitingHint(context, round)
          : sentence`To see why: ${command('import', option('pull', true))}. ${waitingHint(context, round)}`,
    };
  }
  const given = (state: string) =>
    labeling.handedOut.filter((item) => item.round === round && labeling.labels.get(item.position)?.state === state)
      .length;
  const silent = awaited.filter(({ position }) => !labeling.labels.has(position));
  const details: WaitDetails = {
    labeled: given('labeled'),
    rejected: given('rejected'),
    skipped: given('skipped'),
    withdrawn: silent.length,
    pulled,
  };
  state.rounds.finishStep(round, 'wait-for-labels', JSON.parse(JSON.stringify(details)), () => {
    const silentPositions = silent.map(({ position }) => position);
    state.rounds.withdraw(round, silentPositions, () => closeExpenses(context, round));
  });
  return { done: true, details, notes: [] };
}

/** Imports the labels of the annotation tool; null if none is connected. */
export async function pullLabels(
  context: CampaignContext,
  round: number,
  options: { readonly trustIds?: boolean | undefined } = {},
): Promise<ImportSummary | null> {
  const server = await context.tools.labelServer();
  if (server === undefined) return null;
  const { signal, onProgress } = context;
  const decoded = await server.pull({ signal, onProgress });
  return importLabels(context, decoded, { source: server.address, tool: server.name, round, ...options });
}

/**
 * Settles all open expenses of the round: answered items cost what was done, the rest nothing. Looks at open expenses and
 * not at awaited people, because the number of annotators may have changed since.
 */
function closeExpenses({ state, config }: CampaignContext, round: number): void {
  const { labels, handedOut } = labelingState(state, config.labels);
  const { expenses } = state.ledger;
  for (const { position } of handedOut.filter((item) => item.round === round)) {
    const key = labelExpenseKey(round, state.items.idOf(position));
    if (!expenses.isOpen(key)) continue;
    const label = labels.get(position);
    if (label === undefined) expenses.release(key);
    else {
      const costMicroUsd = state.labels.costOf(position);
      expenses.settle(key, { costMicroUsd, labels: label.state === 'labeled' ? 1 : 0 });
    }
  }
}

function waitingHint({ state, config }: CampaignContext, round: number): Wording {
  const path = String(state.rounds.step(round, 'export', exportDetails)?.path);
  const goOn = sentence`To continue without the missing labels: ${command('next', option('goOn', true))}.`;
  if (config.labels.url !== undefined)
    return sentence`People annotate at ${config.labels.url}; ${command('next')} pulls what is done. ${goOn}`;
  if (isAnnotatedHere(config.labels))
    return sentence`Annotate in the browser: ${command('annotate')}. Or fill in ${path}, then run ${command('import')} <file>. ${goOn}`;
  return sentence`Have ${path} annotated, then run ${command('import')} <the tool's export>. ${goOn}`;
}
