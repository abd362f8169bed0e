import { basename } from 'node:path';
import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { CampaignState } from '../store/campaign-state.ts';
import { changedPrompts } from './changed-prompts.ts';
import { headlineOf } from './headline.ts';
import { llmAgreement } from './llm-agreement.ts';
import { oddItems } from './odd-items.ts';
import { pickLines } from './pick-lines.ts';
import { poolVectors } from './pool-vectors.ts';
import { promptsOrProblem } from './prompts-in-use.ts';
import { provenanceOf } from './provenance.ts';
import type { ReportData } from './report-data.ts';
import { gatherFacts } from './report-facts.ts';
import { roundFigures } from './round-figures.ts';
import { scoreHistograms } from './score-histograms.ts';
import { spendingFigures } from './spending-figures.ts';
import { testFiles } from './test-files.ts';
import { type VectorSections, vectorSections } from './vector-sections.ts';

/** Where a report comes from, beside the campaign. */
export interface ReportSources {
  readonly nodeVersion: string;
  /** winnow.yaml, without keys. */
  readonly configText: string;
  /** Where the points of the map are kept, and what takes long to compute: a state that can be written to. */
  readonly keep: CampaignState;
}

const NO_VECTORS: VectorSections = { map: null, coverage: null, strangest: [], nearDuplicates: null, notes: [] };

/**
 * All that a report says of a campaign, as it is at this moment. Never spends money.
 * @param context a view of the campaign: what others write meanwhile must not be seen
 */
export async function buildReport(context: CampaignContext, sources: ReportSources): Promise<ReportData> {
  const { state, folder, clock, config } = context;
  const facts = await gatherFacts(context);
  const found = await poolVectors(context);
  const sections =
    found.vectors === null
      ? { ...NO_VECTORS, notes: [found.note] }
      : await vectorSections(facts, context, { ...found, keep: sources.keep });
  const { prompts, problem } = promptsOrProblem(facts, context);
  const { agreement } = facts.status.labels;
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

function configuredEmbedder({ embedder: { kind, model } }: CampaignContext['config']): string {
  return model === undefined ? kind : `${kind} ${model}`;
}
