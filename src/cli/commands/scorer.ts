import type { Command } from 'commander';
import { resolveTarget, writeFileAtomically } from '../../records/write-file-atomically.ts';
import { evaluateScorer } from '../../selection/judges/expert/evaluate-scorer.ts';
import { createExpertScorer } from '../../selection/judges/expert/expert-scorer.ts';
import { fitExpertScorer } from '../../selection/judges/expert/fit-expert-scorer.ts';
import type { ExpertPair } from '../../selection/judges/expert/pair-differences.ts';
import { readExpertPairs } from '../../selection/judges/expert/read-expert-pairs.ts';
import {
  encodeScorerWeights,
  loadExpertScorer,
  shippedExpertScorer,
} from '../../selection/judges/expert/scorer-file.ts';
import { renderEvaluation, renderTraining } from '../output/render-scorer.ts';
import { print, printJson } from '../print.ts';
import { refuseToOverwrite } from '../refuse-to-overwrite.ts';
import type { Terminal } from '../terminal.ts';
import { whole } from './option-values.ts';

const PAIR_FORMATS = `
Pairs are a response and a better one:
  .jsonl  {"instruction": …, "input": … (optional), "chosen": …, "rejected": …}, one a line
  .csv    columns src ("Instruction: … Input: … Response: …") and score, rows in turn:
          the original (0), its revision (1)
`;

const TRAIN_EXAMPLES = `
Examples:
  $ winnow scorer train pairs.jsonl -o scorer.json
      Fit a scorer to your experts' preferences; five-fold cross-validation shows how good it is.
  $ winnow scorer train pairs.jsonl --valid others.jsonl -o scorer.json
      Measure it on others.jsonl too. Nothing is chosen by these pairs.
${PAIR_FORMATS}
The same pairs give the same file. If the better response is nearly always the longer one, the scorer mostly counts
words. "winnow scorer eval" shows this.
`;

const EVAL_EXAMPLES = `
Examples:
  $ winnow scorer eval pairs.jsonl
      Show how often the built-in scorer prefers the better response, compared with choosing the longer one.
  $ winnow scorer eval held-out.csv --scorer scorer.json --json
      The same for your own scorer, for scripts.
${PAIR_FORMATS}`;

interface TrainFlags {
  readonly output: string;
  readonly valid?: string;
  readonly seed: number;
  readonly json?: boolean;
}

interface EvalFlags {
  readonly scorer?: string;
  readonly json?: boolean;
}

/** `winnow scorer train` and `winnow scorer eval`. */
export function defineScorer(scorer: Command, terminal: Terminal): void {
  scorer
    .command('train')
    .description("Fit a scorer to experts' preferences.")
    .argument('<pairs>', 'pairs to fit to: .jsonl or .csv')
    .requiredOption('-o, --output <file>', 'where to write the scorer (JSON)')
    .option('--valid <pairs>', 'other pairs, to measure the scorer on')
    .option(
      '--seed <n>',
      'splits the pairs for cross-validation, which chooses how much the wording counts',
      whole(0),
      0,
    )
    .option('--json', 'print the figures as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', TRAIN_EXAMPLES)
    .action((pairs: string, flags: TrainFlags) => trainScorer(pairs, flags, terminal));
  scorer
    .command('eval')
    .description('Measure how often a scorer prefers the better response.')
    .argument('<pairs>', 'pairs it was not fitted to: .jsonl or .csv')
    .option('--scorer <file>', 'your own scorer (default: the built-in one)')
    .option('--json', 'print the result as one JSON document on standard output')
    .option('-v, --verbose', 'show stack traces')
    .addHelpText('after', EVAL_EXAMPLES)
    .action((pairs: string, flags: EvalFlags) => measureScorer(pairs, flags, terminal));
}

async function trainScorer(file: string, { output, valid, seed, json }: TrainFlags, terminal: Terminal): Promise<void> {
  refuseToOverwrite('-o', output, [file, valid]);
  await resolveTarget(output);
  const pairs = await readExpertPairs(file);
  const validPairs: ExpertPair[] | undefined = valid === undefined ? undefined : await readExpertPairs(valid);
  const weights = fitExpertScorer(pairs, { seed, ...(validPairs === undefined ? {} : { valid: validPairs }) });
  await writeFileAtomically(output, encodeScorerWeights(weights));
  const { name } = createExpertScorer(weights);
  if (json) printJson(terminal, { output, name, training: weights.training });
  else print(terminal, terminal.stdout, renderTraining(output, name, weights.training));
}

async function measureScorer(file: string, { scorer, json }: EvalFlags, terminal: Terminal): Promise<void> {
  const opened = scorer === undefined ? shippedExpertScorer() : loadExpertScorer(scorer);
  const evaluation = evaluateScorer(await readExpertPairs(file), opened);
  if (json) printJson(terminal, { scorer: opened.name, ...evaluation });
  else print(terminal, terminal.stdout, renderEvaluation(opened.name, evaluation, terminal.width));
}
