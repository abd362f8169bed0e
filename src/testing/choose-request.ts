import { z } from 'zod';
import type { LlmRequest } from '../models/providers/llm-client.ts';

export const choice = z.object({ choices: z.array(z.object({ id: z.string(), reason: z.string() })) });

/** A request like those `winnow pick` makes, of `count` out of four candidates. */
export function chooseRequest(count = 2): LlmRequest {
  const candidates = ['Say hi.', 'Explain monads to a plumber.', 'Prove it.', 'Plan a week of dinners for four.'].map(
    (instruction, position) => ({ id: `id${position}`, instruction }),
  );
  const lines = candidates.map((candidate) => JSON.stringify(candidate)).join('\n');
  return {
    system: 'You choose instructions.',
    messages: [{ role: 'user', content: `Candidates:\n${lines}\n\nChoose exactly ${count} of them.` }],
    schema: { name: 'choice', definition: choice },
    maxOutputTokens: 200,
    temperature: 0,
    task: { kind: 'choose', candidates, count },
  };
}
