import { expect, it } from 'vitest';
import { foldHelp } from '../../../src/cli/output/fold-help.ts';

const HELP = `
Examples:
  $ winnow pick pool.jsonl --count 200 --provider openai --model gpt-4o-mini --plan -o out.jsonl
      See what an LLM would cost before it spends anything at all, in a line or two and
      then some.
  $ winnow status
      Where it stands.

Keys come from the environment: ONE_API_KEY, ANOTHER_API_KEY, ONE_MORE_KEY (for --provider compatible),
LAST_API_KEY (for --base-url).

Exit codes: 0 done;
3 stopped.
`;

it('breaks paragraphs as wide as the terminal is, and commands so that they can still be typed', () => {
  expect(foldHelp(HELP, 60)).toBe(`
Examples:
  $ winnow pick pool.jsonl --count 200 \\
      --provider openai --model gpt-4o-mini --plan \\
      -o out.jsonl
      See what an LLM would cost before it spends anything
      at all, in a line or two and then some.
  $ winnow status
      Where it stands.

Keys come from the environment: ONE_API_KEY,
ANOTHER_API_KEY, ONE_MORE_KEY (for --provider compatible),
LAST_API_KEY (for --base-url).

Exit codes: 0 done;
3 stopped.
`);
});

it('leaves what fits as it is', () => {
  const short = HELP.replace(/^Keys[\s\S]*?\n\n/m, '').replace(/ {6}See.*\n.*\n/, '');
  expect(foldHelp(short, 120)).toBe(short);
  expect(short).toContain('--plan');
});
