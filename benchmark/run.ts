/**
 * Compares strategies on labeled data that others have too: `npm run benchmark`. See docs/internals/benchmarks.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InterruptedError } from '../src/domain/errors.ts';
import type { TrainerChoice } from '../src/index.ts';
import { writeRecords } from '../src/records/write-records.ts';
import { curvesSvg } from '../src/runs/simulate/curves-svg.ts';
import { cellRows } from '../src/runs/simulate/result-tables.ts';
import { immediateTrainers } from '../src/runs/simulate/simulate-options.ts';
import { WINNOW_VERSION } from '../src/version.ts';
import { DATA_SETS } from './data-sets.ts';
import { measuringHalf } from './measuring-half.ts';
import { runSet, type SetResult, setResult } from './run-set.ts';
import { PRICED_MODEL, strategiesWithoutKey, strategyCosts } from './strategies.ts';
import { type BenchmarkDocument, benchmarkTables } from './tables.ts';

const { values: given } = parseArgs({
  options: {
    set: { type: 'string', multiple: true, default: [] },
    only: { type: 'string' },
    half: { type: 'boolean', default: false },
    out: { type: 'string', default: 'benchmark-results' },
    strategies: { type: 'string' },
    budgets: { type: 'string', default: '50,100,200,400,800' },
    seeds: { type: 'string', default: '20' },
    models: { type: 'string', default: immediateTrainers().join(',') },
    cache: { type: 'string' },
    minutes: { type: 'string' },
    trainer: { type: 'string' },
    'train-command': { type: 'string' },
    'train-format': { type: 'string' },
    'train-minutes': { type: 'string' },
    'serve-base-url': { type: 'string' },
  },
});

const files = new Map(given.set.map((text) => [text.split('=')[0]!, text.slice(text.indexOf('=') + 1).split(',')]));
const { strategies: runnable, leftOut } = strategiesWithoutKey();
const strategies = given.strategies?.split(',') ?? runnable;
const seeds = Array.from({ length: Number(given.seeds) }, (_, seed) => seed);
const budgets = given.budgets.split(',').map(Number);
const stop = new AbortController();
const timer =
  given.minutes === undefined
    ? undefined
    : setTimeout(() => stop.abort(new InterruptedError()), Number(given.minutes) * 60_000);
const COSTED_PICKS = 400;

mkdirSync(given.out, { recursive: true });
const results: SetResult[] = [];
let costs: BenchmarkDocument['costs'] = null;
let embeddings = '';
for (const set of DATA_SETS) {
  const paths = files.get(set.name) ?? set.shipped;
  if (paths === undefined) {
    console.error(`${set.name}: no file is named. Download it (${set.source}) and add --set ${set.name}=<file>.`);
    continue;
  }
  if (given.only !== undefined && !given.only.split(',').includes(set.name)) continue;
  if (stop.signal.aborted) break;
  const all = await set.read(paths);
  const records = given.half ? await measuringHalf(all) : all;
  for (const trainer of trainers()) {
    if (stop.signal.aborted) break;
    const model = trainer.kind;
    const result = await runSet(set.name, records, trainer, {
      ...{ strategies, budgets, seeds, folder: given.out, environment: process.env },
      ...(given.cache === undefined ? {} : { cacheFolder: given.cache }),
      signal: stop.signal,
      onProgress: ({ phase, done, total, note }) => {
        if (phase === 'simulate')
          console.error(`${set.name}, ${model}: ${done} of ${total}${note ? ` (${note})` : ''}`);
      },
      onNote: (note) => console.error(note),
    });
    embeddings = result.embeddings;
    results.push(setResult(set.name, model, result));
    const name = `${set.name}-${model}`;
    await writeRecords(cellRows(result), join(given.out, `${name}.csv`));
    writeFileSync(join(given.out, `${name}.svg`), curvesSvg(result));
    if (result.end !== 'complete') console.error(`${name} is not complete. Run the same command again to continue.`);
  }
  if (!stop.signal.aborted && costs === null && records.length > 2 * COSTED_PICKS) {
    const priced = await strategyCosts(records, COSTED_PICKS, given.cache);
    costs = { set: set.name, count: COSTED_PICKS, model: PRICED_MODEL.model, strategies: priced };
  }
}
const document: BenchmarkDocument = { format: 1, winnow: WINNOW_VERSION, embeddings, sets: results, costs, leftOut };
writeFileSync(join(given.out, 'results.json'), `${JSON.stringify(document)}\n`);
const tables = benchmarkTables(document, new Map(DATA_SETS.map(({ name, title }) => [name, title])));
writeFileSync(join(given.out, 'tables.md'), tables);
console.log(tables);

clearTimeout(timer);

/** The seed models that are asked for. */
function trainers(): TrainerChoice[] {
  if (given.trainer === 'command') {
    const command = given['train-command'];
    if (command === undefined) throw new Error('--trainer command needs --train-command.');
    return [
      {
        kind: 'command',
        command,
        ...(given['train-format'] === undefined ? {} : { format: given['train-format'] }),
        ...(given['train-minutes'] === undefined ? {} : { timeLimitMinutes: Number(given['train-minutes']) }),
        ...(given['serve-base-url'] === undefined ? {} : { baseUrl: given['serve-base-url'] }),
      },
    ];
  }
  return given.models.split(',').map((name) => {
    const known = immediateTrainers();
    if (!known.includes(name)) throw new Error(`--models knows ${known.join(' and ')}, not "${name}".`);
    return { kind: name };
  });
}
