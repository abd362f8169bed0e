/**
 * A whole campaign on what ships with winnow: no key, no network. Runs the commands a user would run; the annotators
 * are played by a script that answers with the pool's own responses. What came of it stays in `demo`, to be looked
 * at, until the next demo; or in the folder that is named, which must be new.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { colors } from '../src/cli/output/colors.ts';
import { annotate, knownResponses } from './simulated-annotator.ts';

const ROUNDS = 3;
const CONFIG = `pool: { files: [pool.jsonl] }
quality: { threshold: 2.5 }                        # judge every instruction first
rounds:
  most: ${ROUNDS}
  seed: { count: 40 }
  necessity: { count: 30 }
labels: { perLabelUsd: 0.40 }
budget: { labels: 130, totalUsd: 60.00 }
`;

const root = fileURLToPath(new URL('..', import.meta.url));
const main = join(root, 'dist', 'cli', 'main.js');
const ownFolder = join(root, 'demo');
const folder = process.argv[2] ?? ownFolder;

if (folder === ownFolder) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
copyFileSync(join(root, 'data', 'pool.jsonl'), join(folder, 'pool.jsonl'));
writeFileSync(join(folder, 'winnow.yaml'), CONFIG);
const responses = knownResponses(join(folder, 'pool.jsonl'));
console.log(`${colors.dim('$ cat winnow.yaml')}\n${CONFIG}`);
for (let round = 1; round <= ROUNDS; round += 1) {
  winnow('run', '--yes');
  annotate(join(folder, 'rounds', String(round), 'tasks.jsonl'), responses, folder);
  console.log(colors.cyan(`(The simulated annotators answer rounds/${round}/tasks.jsonl into answers.jsonl.)\n`));
  winnow('import', 'answers.jsonl');
}
winnow('run', '--yes');
winnow('status');
winnow('report');
console.log(`The campaign and its report are in ${relative('', folder)}: open winnow-report.html there in a browser.`);

/** Shows the command and what it prints; progress and advice on standard error are left out here. */
function winnow(...args: readonly string[]): void {
  console.log(colors.dim(`$ winnow ${args.join(' ')}`));
  const run = spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8' });
  const WAITING = 3;
  if (run.status !== 0 && run.status !== WAITING) throw new Error(`winnow ${args[0]} failed:\n${run.stderr}`);
  console.log(run.stdout);
}
