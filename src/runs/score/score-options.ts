import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { isScoredByExperts } from '../../selection/judges/expert-judge.ts';
import { CRITERIA, type Criterion, judgesResponse } from '../../selection/judges/judge.ts';
import { checkFieldAlone, JUDGE_KINDS, type JudgeKind } from '../../selection/strategies/scoring-options.ts';
import { checkOneOf, checkProvider } from '../option-checks.ts';
import { normalizeRunOptions, type RunOptions, type RunSettings } from '../run-options.ts';
import type { ScorePlan } from './score-plan.ts';

/** Everything `score` can be told. Only `pool` is required. */
export interface ScoreOptions extends RunOptions {
  /** Who judges. Default: the LLM where there is one, else the expert scorer for responses and the offline judge for the rest. */
  readonly judge?: JudgeKind;
  /**
   * What is judged. Default: the accuracy of the responses where every record has one, or gets one, or the expert scorer
   * is named; else the quality of the instructions.
   */
  readonly dimension?: Criterion;
  /** Take the number in this field of each record instead of judging. */
  readonly scoreField?: string;
  /** Path of an expert scorer of the user's own. */
  readonly scorer?: string;
  /** Have the LLM write the responses that are missing. */
  readonly draft?: boolean;
  /** Asked once before the first call that costs anything; false ends the run. Without it, nothing is asked. */
  readonly confirm?: (plan: ScorePlan) => Promise<boolean>;
}

export interface ScoreSettings
  extends RunSettings,
    Pick<ScoreOptions, 'judge' | 'dimension' | 'scoreField' | 'scorer' | 'confirm'> {
  readonly draft: boolean;
  /** Whether the expert scorer is named. */
  readonly wantsExpert: boolean;
  /** Whether an LLM may be asked at all. */
  readonly asksLlm: boolean;
}

/**
 * Fills in defaults and refuses what cannot be meant.
 * @throws UsageError
 */
export function normalizeScoreOptions(options: ScoreOptions): ScoreSettings {
  const run = normalizeRunOptions(options);
  const { judge, dimension, scoreField, scorer, draft = false, confirm } = options;
  const { provider } = run.llm;
  if (judge !== undefined) checkOneOf('judge', judge, JUDGE_KINDS);
  if (dimension !== undefined) checkOneOf('dimension', dimension, CRITERIA);
  if (scoreField !== undefined) checkFieldAlone({ judge, dimension, scorer, draft: draft || undefined });
  const judgedByLlm =
    scoreField === undefined &&
    (judge === undefined ? scorer === undefined && provider !== 'offline' : judge === 'llm');
  if (provider === 'offline') {
    const offline = 'The offline stand-in cannot';
    if (judge === 'llm') {
      throw new UsageError(
        `${offline} judge as an LLM does.`,
        sentence`Name an LLM with ${option('provider')} and ${option('model')}. Or use ${option('judge', 'expert')} or ${option('judge', 'offline')}.`,
      );
    }
    if (draft) {
      throw new UsageError(
        `${offline} write responses.`,
        sentence`Name an LLM with ${option('provider')} and ${option('model')}, or leave out ${option('draft')}.`,
      );
    }
  }
  if (draft && dimension !== undefined && !judgesResponse(dimension)) {
    throw new UsageError(
      sentence`${option('draft')} writes responses, but ${dimension} is about instructions alone.`,
      'Leave it out.',
    );
  }
  if (scorer !== undefined && judge !== undefined && judge !== 'expert') {
    throw new UsageError(
      sentence`${option('scorer')} belongs to ${option('judge', 'expert')}, not ${judge}.`,
      'Leave one of them out.',
    );
  }
  const wantsExpert = judge === 'expert' || scorer !== undefined;
  if (wantsExpert && dimension !== undefined && !isScoredByExperts(dimension)) {
    throw new UsageError(
      `The expert scorer compares responses; it cannot judge ${dimension}.`,
      sentence`Use ${option('judge', 'offline')}, or an LLM.`,
    );
  }
  const asksLlm = judgedByLlm || draft;
  // A --model without a --provider is a mistake whoever judges.
  if (asksLlm || provider === 'offline') checkProvider(run.llm);
  return { ...run, judge, dimension, scoreField, scorer, draft, confirm, asksLlm, wantsExpert };
}
