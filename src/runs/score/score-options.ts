import { UsageError } from '../../domain/errors.ts';
import { option, sentence } from '../../domain/wording.ts';
import { CRITERIA } from '../../selection/judges/criteria.ts';
import type { JudgeKind } from '../../selection/judges/judge.ts';
import { JUDGES, namedJudge } from '../../selection/judges/registry.ts';
import { checkFieldAlone, checkScoring } from '../../selection/strategies/scoring-options.ts';
import { checkNames, checkProvider } from '../option-checks.ts';
import { normalizeRunOptions, RUN_OPTIONS, type RunOptions, type RunSettings } from '../run-options.ts';
import type { ScorePlan } from './score-plan.ts';

/** Options of `score`. Only `pool` is required. */
export interface ScoreOptions extends RunOptions {
  /** A kind of judge by name, or one of your own. Default: the LLM where there is one, else the expert scorer for responses and the offline judge for the rest. */
  readonly judge?: string | JudgeKind;
  /** The judge's own options, e.g. `{ pattern: '…' }`. */
  readonly judgeOptions?: Readonly<Record<string, string | number | boolean>>;
  /**
   * What is judged. Default: the accuracy of the responses where every record has one, or gets one, or the expert scorer
   * is named; else the quality of the instructions.
   */
  readonly dimension?: string;
  /** Take the number in this field of each record instead of judging. */
  readonly scoreField?: string;
  /** Path of an expert scorer of the user's own. */
  readonly scorer?: string;
  /** Have the LLM write the responses that are missing. */
  readonly draft?: boolean;
  /** Called once, before the first call that costs money; false ends the run. If absent, no consent is asked for. */
  readonly confirm?: (plan: ScorePlan) => Promise<boolean>;
}

export interface ScoreSettings
  extends RunSettings,
    Pick<ScoreOptions, 'dimension' | 'scoreField' | 'scorer' | 'confirm'> {
  readonly judge: string | undefined;
  readonly judgeOptions: Readonly<Record<string, string | number | boolean>>;
  readonly draft: boolean;
  /** Whether the judge that is named scores nothing but responses. */
  readonly judgesResponses: boolean;
  /** Whether an LLM may be asked at all. */
  readonly asksLlm: boolean;
}

const SCORE_OPTIONS: Readonly<Record<keyof ScoreOptions, true>> = {
  ...RUN_OPTIONS,
  ...{ judge: true, judgeOptions: true, dimension: true, scoreField: true, scorer: true, draft: true, confirm: true },
};

/**
 * Fills in defaults and checks values.
 * @throws UsageError
 */
export function normalizeScoreOptions(options: ScoreOptions): ScoreSettings {
  checkNames(options, SCORE_OPTIONS);
  const run = normalizeRunOptions(options);
  const { dimension, scoreField, scorer, judgeOptions = {}, draft = false, confirm } = options;
  const judge = options.judge === undefined ? undefined : JUDGES.nameOf(options.judge);
  const { provider } = run.llm;
  const named = namedJudge({ ...judgeOptions, judge, scorer });
  const criterion = dimension === undefined ? undefined : CRITERIA.find(dimension);
  if (scoreField !== undefined) checkFieldAlone({ judge, dimension });
  checkScoring({ ...judgeOptions, judge, scoreField, scorer, draft }, JUDGES);
  const judgedByLlm =
    scoreField === undefined && (named === undefined ? provider !== 'offline' : named.needs === 'llm');
  if (provider === 'offline') {
    const offline = 'The offline stand-in cannot';
    if (named?.needs === 'llm') {
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
  if (draft && criterion?.of === 'instruction') {
    throw new UsageError(
      sentence`${option('draft')} writes responses, but ${criterion.name} is about instructions alone.`,
      'Leave it out.',
    );
  }
  if (named && criterion && !named.judges(criterion)) {
    throw new UsageError(
      `The judge "${named.name}" cannot score ${criterion.name}.`,
      sentence`Use ${option('judge', 'offline')}, or an LLM.`,
    );
  }
  const judgesResponses =
    named !== undefined && ![...CRITERIA].some((one) => one.of === 'instruction' && named.judges(one));
  const asksLlm = judgedByLlm || draft;
  // A model without a provider is a mistake with every judge.
  if (asksLlm || provider === 'offline') checkProvider(run.llm);
  return { ...run, judge, judgeOptions, dimension, scoreField, scorer, draft, confirm, asksLlm, judgesResponses };
}
