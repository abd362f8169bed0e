import type { Provenance } from './report-data.ts';
import type { ReportFacts } from './report-facts.ts';

/** As judges that ask an LLM name their prompt. */
const PROMPT_OF_JUDGE = /, (\S+) version (\S+) \(([0-9a-f]+)\)/;

/** A sentence for each prompt that was another one when answers were judged: with those of now they may be judged otherwise. */
export function changedPrompts({ evaluations }: ReportFacts, prompts: Provenance['prompts']): string[] {
  const rounds = new Map<string, Set<number>>();
  for (const [round, judged] of evaluations) {
    for (const judge of new Set(judged.map((evaluation) => evaluation.judge))) {
      const [, id, version, hash] = PROMPT_OF_JUDGE.exec(judge) ?? [];
      const now = prompts.find((prompt) => prompt.id === id);
      if (now === undefined || hash === undefined || now.sha256.startsWith(hash)) continue;
      const prompt = `${id} version ${version} (${hash})`;
      rounds.set(prompt, (rounds.get(prompt) ?? new Set()).add(round));
    }
  }
  return [...rounds].map(([prompt, numbers]) => {
    const which = `round${numbers.size === 1 ? '' : 's'} ${[...numbers].join(', ')}`;
    return `Answers of ${which} were judged by ${prompt}, which is not the prompt of that name that there is now.`;
  });
}
