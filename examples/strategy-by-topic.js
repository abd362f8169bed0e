// A strategy of one's own: takes one instruction of each topic in turn.
//   winnow pick pool.jsonl --count 20 --plugin examples/strategy-by-topic.js --strategy by-topic --topic-field category
import { defineStrategy, z } from 'winnow-ai';

const byTopic = defineStrategy({
  name: 'by-topic',
  summary: 'takes one instruction of each topic in turn',
  source: 'Round-robin over a field of the records.',
  needs: { embeddings: 'none', llm: false },
  options: z.object({
    topicField: z.string().default('category').describe('the field that names the topic').meta({ value: 'name' }),
  }),
  prompts: [],
  measures: () => [],
  // The picks for a smaller count are the first of a larger one.
  nested: () => true,
  prepare: async ({ instructions, candidates, count, options }) => {
    const topics = new Map();
    for (const position of candidates) {
      const topic = String(instructions[position].meta[options.topicField] ?? 'none');
      topics.set(topic, [...(topics.get(topic) ?? []), position]);
    }
    const turns = [...topics].flatMap(([topic, positions]) =>
      positions.map((position, turn) => ({ position, turn, reason: `number ${turn + 1} of ${topic}` })),
    );
    turns.sort((a, b) => a.turn - b.turn || a.position - b.position);
    const free = { score: null, strategy: 'by-topic', query: null, model: null, costMicroUsd: 0 };
    const picks = turns
      .slice(0, count)
      .map(({ position, reason }, index) => ({ ...free, position, reason, rank: index + 1 }));
    return { plan: { notes: [`${topics.size} topics.`] }, select: async () => ({ picks }) };
  },
});

export default { name: 'by-topic', version: '1.0.0', strategies: [byTopic] };
