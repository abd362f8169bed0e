import { z } from 'zod';
import { count, share, text, usd, webAddress } from '../../domain/option-values.ts';
import type { LabelBridge, LabelServerDefinition } from '../../labels/label-bridge.ts';
import { BRIDGES } from '../../labels/registry.ts';
import { assign } from './assign-config.ts';
import { questions } from './questions-config.ts';

/** What the campaign may cost. */
export const budget = z
  .strictObject({
    llmUsd: usd.optional().describe('US dollars for choosing, judging, embedding and asking the seed model'),
    labels: z.int().min(0).optional().describe('how many instructions people are to label in all'),
    minutes: z.number().positive().optional().describe('minutes of work by people, expected and recorded'),
    labelUsd: usd.optional().describe('US dollars for labels; needs labels.perLabelUsd or labels.perMinuteUsd'),
    trainingUsd: usd.optional().describe('US dollars for training'),
    totalUsd: usd.optional().describe('US dollars for everything'),
  })
  .describe('caps of the whole campaign; what is left out is not capped');

type ServedBridge = LabelBridge & { readonly server: LabelServerDefinition };

/** Bridges that winnow also reaches over HTTP. */
function servedBridges(): ServedBridge[] {
  return [...BRIDGES].filter((bridge): bridge is ServedBridge => bridge.server !== undefined);
}

function serverOptionNames(): string[] {
  return [...new Set(servedBridges().flatMap(({ server }) => Object.keys(server.options.shape)))];
}

/** Bridges that read a key of labels. */
function readersOf(key: string): ServedBridge[] {
  return servedBridges().filter(({ server }) => key === 'url' || key in server.options.shape);
}

/** The options of all servers, by name. They are parsed again when a server is opened, so their types are not known here. */
function serverOptions(): Record<never, z.ZodType> {
  return Object.fromEntries(
    serverOptionNames().map((name) => {
      const options = readersOf(name).map(({ server }) => ({ server, field: server.options.shape[name] as z.ZodType }));
      const [first, ...others] = [...new Map(options.map(({ field }) => [typeText(field), field])).values()];
      const field = others.length === 0 ? first! : z.union([first!, ...others]).optional();
      const descriptions = options.map(({ server, field: one }) => `${server.serviceName}: ${one.description}`);
      return [name, field.describe(descriptions.join('; '))];
    }),
  );
}

/** The same for two options that take the same values. */
function typeText(field: z.ZodType): string {
  const { description: _, value: __, ...type } = z.toJSONSchema(field, { io: 'input' });
  return JSON.stringify(type);
}

/** Who labels, with what, and what it costs. */
export function labels() {
  return z
    .strictObject({
      tool: z.enum(BRIDGES.names).default('jsonl').describe('what items are exported for'),
      perLabelUsd: usd.optional().describe('US dollars paid for each submitted response'),
      perMinuteUsd: usd.optional().describe('US dollars paid for each minute annotators took'),
      mostMinutes: z.number().positive().default(30).describe('most minutes paid for one response'),
      annotators: count.default(1).describe('how many people are to answer each item'),
      overlap: share
        .default(0)
        .describe('share of the items that one more person answers, to see how well people agree'),
      winner: z.enum(['latest', 'first']).default('latest').describe('which of several responses to one item counts'),
      test: z
        .int()
        .min(0)
        .optional()
        .describe(
          'labels drawn at random for a test set, never trained on; by default 10 % of the label budget, 30 to 200; 0 where heldOutShare or heldOutFiles is set',
        ),
      testBy: text.optional().describe('field of the records to draw the test set evenly from; by default clusters'),
      heldOutShare: share
        .max(0.9)
        .optional()
        .describe('share of the labels never trained on, instead of a test set; by default 0.1 without one'),
      heldOutFiles: z.array(text).default([]).describe('labeled files that are never trained on nor picked'),
      show: z
        .array(text)
        .default([])
        .describe('fields of the records that annotators see beside the instruction, such as subject or channel'),
      guidelines: text
        .optional()
        .describe(
          'a Markdown file with what makes a good answer; the page of winnow annotate shows it before the first item',
        ),
      questions,
      assign,
      url: webAddress.optional().describe(
        `of ${servedBridges()
          .map(({ server }) => server.serviceName)
          .join(' or ')}, to push to and pull from`,
      ),
      ...serverOptions(),
    })
    .superRefine((given, context) => {
      const problem = (key: string, message: string) => context.addIssue({ code: 'custom', path: [key], message });
      if (given.perLabelUsd !== undefined && given.perMinuteUsd !== undefined) {
        problem('perMinuteUsd', 'cannot be set beside perLabelUsd: labels are paid per label or per minute');
      }
      const values: Readonly<Record<string, unknown>> = given;
      for (const key of ['url', ...serverOptionNames()]) {
        const tools = readersOf(key).map(({ name }) => name);
        if (values[key] !== undefined && !tools.includes(given.tool)) {
          problem(key, `does nothing for the tool ${given.tool}; set tool to ${tools.join(' or ')}`);
        }
      }
      for (const [index, { kind }] of given.questions.entries()) {
        const able = [...BRIDGES].filter((bridge) => bridge.questions?.includes(kind)).map(({ name }) => name);
        if (able.includes(given.tool)) continue;
        context.addIssue({
          code: 'custom',
          path: ['questions', index, 'kind'],
          message: `cannot be asked in ${given.tool}; set tool to ${able.join(' or ')}`,
        });
      }
      if (given.assign.length > 0 && given.url !== undefined) {
        problem('assign', `does nothing where ${given.tool} hands items out; assign there, or leave url out`);
      }
      if (given.overlap > 0 && given.url !== undefined) {
        problem('overlap', `does nothing where ${given.tool} hands items out; set it there, or leave url out`);
      }
    });
}
