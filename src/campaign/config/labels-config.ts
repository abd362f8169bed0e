import { z } from 'zod';
import { BRIDGES } from '../../labels/label-bridge.ts';
import { count, share, text, usd, webAddress } from './config-values.ts';

/** What the campaign may cost. */
export const budget = z
  .strictObject({
    llmUsd: usd.optional().describe('US dollars for choosing, judging, embedding and asking the seed model'),
    labels: z.int().min(0).optional().describe('how many instructions people are to label in all'),
    labelUsd: usd.optional().describe('US dollars for labels; needs labels.perLabelUsd or labels.perMinuteUsd'),
    trainingUsd: usd.optional().describe('US dollars for training'),
    totalUsd: usd.optional().describe('US dollars for everything'),
  })
  .describe('caps of the whole campaign; what is left out is not capped');

/** Tools winnow also talks to over HTTP. */
const SERVED_TOOLS: readonly string[] = ['label-studio', 'argilla'];

/** Who labels, with what, and what it costs. */
export const labels = z
  .strictObject({
    tool: z.enum(BRIDGES).default('jsonl').describe('what items are exported for'),
    perLabelUsd: usd.optional().describe('US dollars paid for each submitted response'),
    perMinuteUsd: usd.optional().describe('US dollars paid for each minute annotators took'),
    mostMinutes: z.number().positive().default(30).describe('most minutes paid for one response'),
    annotators: count.default(1).describe('how many people are to answer each item'),
    overlap: share.default(0).describe('share of the items that one more person answers, to see how well people agree'),
    winner: z.enum(['latest', 'first']).default('latest').describe('which of several responses to one item counts'),
    heldOutShare: share.max(0.9).default(0.1).describe('share of the labels never trained on'),
    heldOutFiles: z.array(text).default([]).describe('labeled files that are never trained on nor picked'),
    url: webAddress.optional().describe('of Label Studio or Argilla, to push to and pull from'),
    project: z
      .union([text, z.int()])
      .optional()
      .describe('Label Studio: project number or title; Argilla: dataset name'),
    workspace: text.optional().describe('Argilla: workspace name'),
  })
  .superRefine((given, context) => {
    const problem = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
    if (given.perLabelUsd !== undefined && given.perMinuteUsd !== undefined) {
      problem('perMinuteUsd', 'excludes perLabelUsd: labels are paid by the piece or by the minute');
    }
    const served = SERVED_TOOLS.includes(given.tool);
    for (const key of ['url', 'project'] as const) {
      if (given[key] !== undefined && !served) {
        problem(key, `does nothing for the tool ${given.tool}; set tool to ${SERVED_TOOLS.join(' or ')}`);
      }
    }
    if (given.overlap > 0 && given.url !== undefined) {
      problem('overlap', `does nothing where ${given.tool} hands items out; set it there, or leave url out`);
    }
    if (given.workspace !== undefined && given.tool !== 'argilla') {
      problem('workspace', `does nothing for the tool ${given.tool}; only argilla has workspaces`);
    }
  });
