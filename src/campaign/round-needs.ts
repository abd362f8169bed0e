import { UsageError } from '../domain/errors.ts';
import type { MicroUsd } from '../domain/money.ts';
import type { RoundNeeds } from './budget-room.ts';
import type { CampaignContext } from './campaign-context.ts';
import { isImmediate } from './config/trainer-config.ts';
import { ARMS } from './gain/compared-models.ts';
import { currentLabels } from './label-views.ts';
import { examplesOf } from './training-split.ts';
import { trainingWorstCase } from './training-worst-case.ts';

/**
 * Checked before a round is planned; the labels it will bring and the model's own answers are not counted. What cannot
 * be opened because a key is missing counts as 0: the step that needs the key reports it.
 */
export async function roundNeeds(context: CampaignContext): Promise<RoundNeeds> {
  return {
    trainingMicroUsd: await unlessKeyIsMissing(() => trainingNeed(context)),
    llmMicroUsd: await unlessKeyIsMissing(() => judgingNeed(context)),
  };
}

async function trainingNeed(context: CampaignContext): Promise<MicroUsd> {
  const { state, config, tools } = context;
  if (state.ledger.room().trainingMicroUsd === undefined) return 0;
  const labels = [...currentLabels(state, config.labels.winner).values()];
  const labeled = labels.filter((label) => label.state === 'labeled');
  const examples = examplesOf(
    context,
    labeled.map(({ winner }) => winner.id),
  );
  const each = trainingWorstCase(context, await tools.trainer(), { examples });
  return isImmediate(config.trainer) || !config.control.train ? each : each * (1 + ARMS.length);
}

async function judgingNeed({ state, config, tools, testExamples }: CampaignContext): Promise<MicroUsd> {
  if (state.ledger.room().llmMicroUsd === undefined) return 0;
  const heldOut = [...state.labels.assignments().values()].filter(Boolean).length;
  const answers = heldOut + (await testExamples()).length + 1;
  const longest = 'x '.repeat(2 * config.answers.maxOutputTokens);
  const judge = await tools.judge('necessity');
  return answers * judge.estimate({ instruction: '', response: longest }).costMicroUsd.worstCase;
}

async function unlessKeyIsMissing(need: () => Promise<MicroUsd>): Promise<MicroUsd> {
  try {
    return await need();
  } catch (error) {
    if (error instanceof UsageError) return 0;
    throw error;
  }
}
