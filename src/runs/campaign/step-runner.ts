import { checkRoom } from '../../campaign/budget-room.ts';
import type { CampaignContext } from '../../campaign/campaign-context.ts';
import { campaignProgress } from '../../campaign/campaign-progress.ts';
import { choosablePositions } from '../../campaign/choosable-positions.ts';
import { type NextStep, nextStep, type StepName } from '../../campaign/next-step.ts';
import { type PreparedStep, pauseAfter, type StepPlan } from '../../campaign/step-outcome.ts';
import { BudgetExceededError, DeclinedError, StepError } from '../../domain/errors.ts';
import { type MicroUsd, type Range, sumRanges } from '../../domain/money.ts';
import type { Stop } from '../../domain/round.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { plannedWays } from '../planned-ways.ts';
import { guessedSeconds } from '../run-summary.ts';
import type { NextOptions, PlannedStep, StepDetails, StepResult } from './step-result.ts';

/** Prepares a step, which costs nothing: what it will do and can cost. Each step is loaded when it is due. */
async function prepareStep(
  context: CampaignContext,
  step: StepName,
  round: number,
  options: NextOptions,
): Promise<PreparedStep<StepDetails[StepName]>> {
  switch (step) {
    case 'add-pool':
      return (await import('../../campaign/steps/add-pool.ts')).prepareAddPool(context, round);
    case 'judge-quality':
      return (await import('../../campaign/steps/judge-quality.ts')).prepareJudgeQuality(context, round, options);
    case 'plan-round':
      return (await import('../../campaign/steps/plan-round.ts')).preparePlanRound(
        context,
        round,
        await choosablePositions(context, round),
      );
    case 'select':
      return (await import('../../campaign/steps/select-instructions.ts')).prepareSelect(
        context,
        context.state.rounds.plans()[round - 1]!,
        options,
      );
    case 'export':
      return (await import('../../campaign/steps/export-tasks.ts')).prepareExport(context, round);
    case 'wait-for-labels':
      return (await import('../../campaign/steps/wait-for-labels.ts')).prepareWaitForLabels(context, round, options);
    case 'train':
      return (await import('../../campaign/steps/train-model.ts')).prepareTrain(context, round);
    case 'evaluate':
      return (await import('../../campaign/steps/evaluate-model.ts')).prepareEvaluate(context, round);
    case 'find-failures':
      return (await import('../../campaign/steps/find-failures.ts')).prepareFindFailures(context, round, options);
  }
}

/** The section of winnow.yaml that configures a round. */
export function roundSection(round: number): string {
  return round > 1 ? 'rounds.necessity' : 'rounds.seed';
}

/** Runs the step of a campaign that is due: finds it, estimates its cost, asks for consent, runs it, and records why it stopped. */
export class StepRunner {
  readonly #context: CampaignContext;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(context: CampaignContext) {
    this.#context = context;
  }

  /** See Campaign.next. */
  next(options: NextOptions): Promise<StepResult> {
    return this.#alone(async () => {
      const upcoming = await this.#upcoming(options);
      if (upcoming.step === 'stop') return this.#stop(upcoming.round, upcoming.stop);
      return this.#doStep(upcoming.step, upcoming.round, options);
    });
  }

  /** One step at a time, in the order they were asked for. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #upcoming(options: NextOptions = {}): Promise<NextStep> {
    return nextStep(await campaignProgress(this.#context, options));
  }

  /** Runs that step. @throws StepError when another step is due; and what the step itself throws */
  step<Name extends StepName>(name: Name, options: NextOptions = {}) {
    return this.#alone(async () => {
      const upcoming = await this.#upcoming(options);
      if (upcoming.step !== name) {
        throw new StepError(
          `The step "${name}" is not due: ${upcoming.step === 'stop' ? 'the campaign has ended' : `"${upcoming.step}" is`}.`,
          'Campaign.next() runs the step that is due; Campaign.status() shows which one it is.',
        );
      }
      const result = await this.#doStep(name, upcoming.round, options);
      return result as Extract<StepResult, { step: Name }>;
    });
  }

  /** If the budget is too small, this is recorded and the step ends: it has not started, or all it did is kept. */
  async #doStep(step: StepName, round: number, options: NextOptions): Promise<StepResult> {
    try {
      const result = await this.#perform(await prepareStep(this.#context, step, round, options), options);
      if (!result.done && result.because === 'budget')
        this.#recordStop(round, { rule: 'budget', message: result.message });
      return result;
    } catch (error) {
      if (!(error instanceof BudgetExceededError))
        throw error instanceof WinnowError ? error.inSection(roundSection(round)) : error;
      this.#recordStop(round, { rule: 'budget', message: error.message });
      const paused = { ...pauseAfter(error, undefined), costMicroUsd: 0, next: await this.#upcoming() };
      return { step, round, ...paused };
    }
  }

  #recordStop(round: number, stop: Stop): void {
    const { rounds } = this.#context.state;
    const last = rounds.lastStop();
    if (last?.round !== round || last.message !== stop.message) rounds.saveStop(round, stop);
  }

  async #stop(round: number, stop: Stop): Promise<StepResult> {
    this.#recordStop(round, stop);
    return { step: 'stop', done: true, stop, round, costMicroUsd: 0, next: { step: 'stop', round, stop } };
  }

  async #planned(plan: StepPlan): Promise<PlannedStep> {
    const { tools, config } = this.#context;
    const calls = plan.calls.filter(({ costMicroUsd }) => costMicroUsd.worstCase > 0);
    const expectedSeconds = guessedSeconds(
      calls.reduce((sum, { count }) => sum + count, 0),
      config.requests,
    );
    const parts = await Promise.all(
      calls.map(async ({ by, costMicroUsd }) => ({ costMicroUsd, batching: await tools.batching(by) })),
    );
    const rest = less(plan.llmMicroUsd, sumRanges(calls.map(({ costMicroUsd }) => costMicroUsd)));
    return { ...plan, expectedSeconds, ways: plannedWays([...parts, { costMicroUsd: rest }], expectedSeconds) };
  }

  async #perform({ run, ...plan }: PreparedStep<StepDetails[StepName]>, { confirm }: NextOptions): Promise<StepResult> {
    const { ledger } = this.#context.state;
    const before = spent(ledger.spending().total);
    checkRoom(plan, ledger.roomForStep());
    const isPaid = plan.llmMicroUsd.worstCase + plan.trainingMicroUsd > 0;
    if (confirm && isPaid && !(await confirm(await this.#planned(plan)))) throw new DeclinedError();
    const { step, round } = plan;
    const outcome = await run();
    const costMicroUsd = spent(ledger.spending().total) - before;
    return { step, round, ...outcome, costMicroUsd, next: await this.#upcoming() } as StepResult;
  }
}

/** The part of a cost that no batch can hold. */
function less(all: Range, parts: Range): Range {
  return {
    expected: Math.max(0, all.expected - parts.expected),
    worstCase: Math.max(0, all.worstCase - parts.worstCase),
  };
}

function spent({ settledMicroUsd, reservedMicroUsd }: { settledMicroUsd: number; reservedMicroUsd: number }): MicroUsd {
  return settledMicroUsd + reservedMicroUsd;
}
