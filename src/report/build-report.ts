import { basename } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { CampaignCalibration } from '../campaign/judge-calibration.ts';
import { nameWithoutPrompt } from '../selection/judges/judge.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { nameExcerpt } from './excerpts.ts';
import { headlineOf } from './headline.ts';
import { llmAgreement } from './llm-agreement.ts';
import { oddItems } from './odd-items.ts';
import { pickLines } from './pick-lines.ts';
import { poolVectors } from './pool-vectors.ts';
import { changedPrompts, promptsOrProblem } from './prompts-in-use.ts';
import { provenanceOf, testFiles } from './provenance.ts';
import type { JudgeAgreement, ReportData } from './report-data.ts';
import { gatherFacts } from './report-facts.ts';
import { roundFigures } from './round-figures.ts';
import { scoreHistograms } from './score-histograms.ts';
import { spendingFigures } from './spending-figures.ts';
import { type VectorSections, vectorSections } from './vector-sections.ts';

/** What a report needs in addition to the campaign. */
export interface ReportSources {
  readonly nodeVersion: string;
  /** winnow.yaml with its secrets redacted. */
  readonly configText: string;
  /** A state that can be written to: stores the points of the map and other results that take long to compute. */
  readonly writable: CampaignState;
}

const NO_VECTORS: VectorSections = { map: null, coverage: null, strangest: [], nearDuplicates: null, notes: [] };

/**
 * The report of a campaign at this moment. Never spends money.
 * @param context a read-only snapshot of the campaign, so that all figures are of the same moment
 */
export async function buildReport(context: CampaignContext, sources: ReportSources): Promise<ReportData> {
  const { state, folder, clock, config } = context;
  const facts = await gatherFacts(context);
  const found = await poolVectors(context);
  const sections =
    found.vectors === null
      ? { ...NO_VECTORS, notes: [found.note] }
      : await vectorSections(facts, context, { ...found, writable: sources.writable });
  const { prompts, problem } = promptsOrProblem(facts, context);
  const { agreement, people } = facts.status.labels;
  return {
    format: 1,
    campaign: { name: basename(folder), begunAtMs: state.rounds.begunAtMs(), reportedAtMs: clock.now() },
    headline: headlineOf(facts),
    rounds: roundFigures(facts),
    map: sections.map,
    coverage: sections.coverage,
    spending: spendingFigures(facts, config),
    scores: scoreHistograms(facts, context),
    llmAgreement: llmAgreement(state.rounds),
    peopleAgreement: agreement,
    peopleQuality: people.map((one) => ({ ...one, annotator: one.annotator && nameExcerpt(one.annotator) })),
    judges: facts.status.judges.map(judgeAgreement),
    odd: oddItems(facts, sections),
    picks: pickLines(facts),
    provenance: provenanceOf(facts, context, {
      ...sources,
      prompts,
      testFiles: await testFiles(context),
      embedder: found.vectors === null ? configuredEmbedder(config) : found.space,
    }),
    notes: [...sections.notes, ...(problem === undefined ? [] : [problem]), ...changedPrompts(facts, prompts)],
  };
}

/** Without the map from scores to probabilities, which only machines read. */
function judgeAgreement({ map: _, judge, ...figures }: CampaignCalibration): JudgeAgreement {
  return { judge: nameWithoutPrompt(judge), ...figures };
}

function configuredEmbedder({ embedder: { kind, model } }: CampaignContext['config']): string {
  return model === undefined ? kind : `${kind} ${model}`;
}
