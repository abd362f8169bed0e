import type { Conversation } from '../../domain/conversation.ts';
import { ReplyError } from '../../domain/errors.ts';
import type { Instruction } from '../../domain/instruction.ts';
import { sumCallCosts } from '../../domain/usage.ts';
import { CRITERIA } from '../judges/criteria.ts';
import type { Judge, JudgedItem } from '../judges/judge.ts';
import { judgeKindFor } from '../judges/registry.ts';
import { itemMeasure } from './item-measure.ts';
import type { Measure, MeasureKind } from './measure.ts';

const NAMES = ['complexity', 'response-quality'];

/** What the earlier turns of a conversation are worth, as a kind of measure. */
export const earlierTurnsMeasureKind: MeasureKind = {
  name: 'earlier-turns',
  summary: 'complexity × quality, summed over the earlier turns of a conversation',
  of: 'instruction',
  needs: 'judge',
  prompts: (options, provider, judges) =>
    NAMES.flatMap((name) => {
      const criterion = CRITERIA.find(name);
      return judgeKindFor(criterion, options, provider, judges).prompts(criterion);
    }),
  open: async (options, instructions, sources) => {
    const judges = NAMES.map(async (name) => {
      const criterion = CRITERIA.find(name);
      const kind = judgeKindFor(criterion, options, sources.providers.judging, sources.judges);
      return kind.open(criterion, options, sources);
    });
    const [complexity, quality] = await Promise.all(judges);
    return earlierTurnsMeasure(complexity!, quality!, instructions);
  },
};

/**
 * Sums complexity of the request times quality of its answer over the turns before the last request; 0 for a single
 * request. Each turn is judged with what was said before it. Two judgments for each earlier turn that has an answer.
 * Source: the sum over turns of DEITA (arXiv 2312.15685).
 */
export function earlierTurnsMeasure(complexity: Judge, quality: Judge, instructions: readonly Instruction[]): Measure {
  const turnsOf = (position: number) => answeredTurns(instructions[position]!);
  return itemMeasure({
    name: `sum over earlier turns of ${complexity.name} × ${quality.name}`,
    shortName: `earlier turns by ${complexity.shortName}`,
    scale: { min: 0, max: Number.POSITIVE_INFINITY },
    isScore: true,
    concurrency: complexity.concurrency,
    estimate: (position, options) =>
      sumCallCosts(
        turnsOf(position).flatMap((turn) => [complexity, quality].map((judge) => judge.estimate(turn, options))),
      ),
    measure: async (position, { generation, signal }) => {
      let value = 0;
      let costMicroUsd = 0;
      let model: string | null = null;
      const turns = turnsOf(position);
      for (const [index, turn] of turns.entries()) {
        const subject = `${instructions[position]!.id}, turn ${index + 1}`;
        const options = { subject, generation, ...(signal ? { signal } : {}) };
        const judged = [];
        for (const judge of [complexity, quality]) {
          const judgment = await judge.judge(turn, options).catch((error: unknown) => {
            if (!(error instanceof ReplyError)) throw error;
            throw error.costing(error.costMicroUsd + costMicroUsd);
          });
          costMicroUsd += judgment.costMicroUsd;
          model = judgment.model;
          judged.push(judgment.score);
        }
        value += judged[0]! * judged[1]!;
      }
      const reason = `${turns.length} earlier ${turns.length === 1 ? 'turn' : 'turns'} add ${value.toFixed(1)}`;
      return { value, ...(turns.length === 0 ? {} : { reason }), model, costMicroUsd };
    },
  });
}

/** The earlier requests with their answers, each as an item of its own. */
function answeredTurns({ context }: Conversation): JudgedItem[] {
  const before = context?.before ?? [];
  const tools = context?.tools === undefined ? {} : { tools: context.tools };
  return before.flatMap((turn, at) => {
    if (turn.role !== 'user') return [];
    const next = before.findIndex(({ role }, later) => later > at && role === 'user');
    const reply = before.slice(at + 1, next === -1 ? before.length : next);
    const answerAt = reply.findLastIndex(({ role, text }) => role === 'assistant' && text.trim() !== '');
    if (answerAt === -1) return [];
    const earlier = before.slice(0, at);
    // Calls of tools and their results.
    const between = reply.slice(0, answerAt);
    const around = { before: earlier, ...(between.length === 0 ? {} : { after: between }), ...tools };
    const isAlone = earlier.length + between.length === 0 && context?.tools === undefined;
    return [{ instruction: turn.text, response: reply[answerAt]!.text, ...(isAlone ? {} : { context: around }) }];
  });
}
