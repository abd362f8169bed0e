import { Registry } from '../../domain/registry.ts';
import type { Criterion } from './criteria.ts';
import { expertJudgeKind } from './expert-judge.ts';
import type { JudgeKind } from './judge.ts';
import { llmJudgeKind } from './llm-judge.ts';
import { offlineJudgeKind } from './offline-judge.ts';

/** Every kind of judge, preferred first. Add a new one here. */
export const JUDGES = new Registry<JudgeKind>('judge', [llmJudgeKind, expertJudgeKind, offlineJudgeKind]);

/**
 * The kind of judge for a criterion: the named one, else the one whose option is given, else the first that the provider
 * allows. If that one does not judge the criterion, the first that does and needs no LLM.
 * @throws UsageError for an unknown name
 */
export function judgeKindFor(
  criterion: Criterion,
  options: Readonly<Record<string, unknown>>,
  provider: string,
  judges: Registry<JudgeKind> = JUDGES,
): JudgeKind {
  const named = namedJudge(options, judges);
  if (named?.judges(criterion)) return named;
  const mayAsk = named === undefined && provider !== 'offline';
  const kind = [...judges].find((one) => one.judges(criterion) && (mayAsk || one.needs !== 'llm'));
  if (kind === undefined) throw new TypeError(`No judge scores ${criterion.name}.`);
  return kind;
}

/** The judge named in the options, or whose own option is given. @throws UsageError for an unknown name */
export function namedJudge(
  options: Readonly<Record<string, unknown>>,
  judges: Registry<JudgeKind> = JUDGES,
): JudgeKind | undefined {
  if (typeof options.judge === 'string') return judges.find(options.judge);
  return [...judges].find((kind) => Object.keys(kind.options.shape).some((name) => options[name] !== undefined));
}
