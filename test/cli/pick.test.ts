import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readPool } from '../../src/records/read-pool.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { writeTinyPool } from '../support/tiny-pool.ts';

const folder = temporaryFolder();
const { pool, embeddings } = writeTinyPool(folder, 60);
const winnow = (...args: string[]) => runCli(args, { cwd: folder.path });
const pick = (...args: string[]) => winnow('pick', pool, '--embeddings', embeddings, ...args);
const readLines = (file: string) =>
  readFileSync(folder.file(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('winnow pick, offline', () => {
  it('writes the chosen records, untouched but for `winnow`, and says what it did', async () => {
    const { code, stdout, stderr } = await pick('--count', '6', '-o', 'picked.jsonl', '--strategy', 'selectllm');
    expect(stderr).toContain('Picked 6 by selectllm → picked.jsonl');
    expect(stderr).toContain('60 records: 60 candidates');
    expect(stderr).toMatch(/coverage +radius \d\.\d{3}, mean distance \d\.\d{3}/);
    expect(stderr).toContain('chose in place of an LLM');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });

    const originals = new Map(
      readFileSync(pool, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => [JSON.parse(line).id, JSON.parse(line)]),
    );
    const picked = readLines('picked.jsonl');
    expect(picked.map(({ winnow: { rank } }) => rank)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { winnow: added, ...record } of picked) {
      expect(record).toEqual(originals.get(record.id));
      expect(Object.keys(added)).toEqual(['rank', 'score', 'reason', 'strategy', 'query', 'model', 'costUsd']);
      expect(added).toMatchObject({ strategy: 'selectllm', model: 'offline-ranker-2', costUsd: 0 });
      expect(added.reason).not.toBe('');
    }
  });

  it('covers the pool where no strategy and no LLM is named, and says in one line how to use an LLM', async () => {
    const { code, stderr } = await pick('--count', '6', '-o', 'covering.jsonl');
    expect(code).toBe(0);
    expect(stderr).toContain('Picked 6 by facility-location → covering.jsonl');
    const notes = stderr.split('\n').filter((line) => line.includes('note'));
    expect(notes).toEqual([
      expect.stringMatching(/without an LLM\. To have an LLM choose, set --provider and --model\.$/),
    ]);
    const named = await pick('--count', '6', '-o', 'covering.jsonl', '--strategy', 'facility-location');
    expect(named.stderr).not.toContain('To have an LLM choose');
  });

  it.each(['random', 'k-center', 'k-means', 'facility-location', 'selectllm'])(
    'picks by %s, the same again with the same seed',
    async (strategy) => {
      const run = () => pick('--count', '7', '--strategy', strategy, '--seed', '3');
      const [first, second] = [await run(), await run()];
      expect(first.code).toBe(0);
      expect(first.stdout.trimEnd().split('\n')).toHaveLength(7);
      expect(second.stdout).toBe(first.stdout);
    },
  );

  it.each(['picks.json', 'picks.csv', 'picks.tsv', 'picks.parquet', 'picks.jsonl.gz'])(
    'writes %s, which can be read as a pool again',
    async (file) => {
      expect((await pick('--count', '5', '-o', file)).code).toBe(0);
      const again = await readPool([folder.file(file)]);
      expect(again.instructions).toHaveLength(5);
      if (file.endsWith('.gz')) {
        const text = gunzipSync(readFileSync(folder.file(file))).toString();
        expect(JSON.parse(text.split('\n')[0]!).winnow.rank).toBe(1);
      }
    },
  );

  it('reads standard input and writes standard output', async () => {
    const args = ['pick', '-', '--count', '3', '--strategy', 'random', '--dedupe-threshold', '0'];
    const { code, stdout } = await runCli(args, { cwd: folder.path, input: readFileSync(pool, 'utf8') });
    expect(code).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
  });

  it('prints the summary as JSON, with the picks where no file takes them', async () => {
    const { stdout } = await pick(
      ...['--count', '4', '--json', '-o', 'j.jsonl', '--strategy', 'selectllm', '--votes', '3'],
    );
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ end: 'complete', picked: 4, asked: 4, strategy: 'selectllm', output: 'j.jsonl' });
    expect(summary.pool).toMatchObject({ records: 60, candidates: 60 });
    expect(summary.queries.agreement).toBe(1);
    expect(summary.coverage.after.radius).toBeGreaterThan(0);
    expect(JSON.parse((await pick('--count', '4', '--json')).stdout).picks).toHaveLength(4);
  });

  it('never picks what is labeled, with or without its id, and counts it as covered', async () => {
    const labeled = readLines('pool.jsonl').slice(0, 50);
    const byText = labeled.slice(25).map(({ instruction }) => ({ instruction, output: 'done' }));
    const byId = labeled.slice(0, 25).map(({ id, instruction }) => ({ id, instruction }));
    const lines = [...byId, ...byText];
    folder.write('labeled.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'));
    const { stdout } = await pick('--count', '10', '--existing', 'labeled.jsonl', '--json', '--strategy', 'k-center');
    const summary = JSON.parse(stdout);
    expect(summary.picks.map(({ id }: { id: string }) => id).sort()).toEqual(
      Array.from({ length: 10 }, (_, index) => `t${index + 50}`),
    );
    expect(summary.pool).toMatchObject({ labeled: 50, candidates: 10 });
    expect(summary.coverage.after.radius).toBe(0);
    expect(summary.coverage.before.radius).toBeGreaterThan(0);
  });

  it('leaves out, and picks first, the ids that a file lists, one a line', async () => {
    const all = readLines('picked.jsonl').map(({ id }) => id as string);
    folder.write('done ids.txt', `\ufeff${all[0]}\r\n\n  ${all[1]}\n`);
    folder.write('wanted.txt', `${all[2]}\n`);
    const args = [
      '-n',
      '58',
      '--strategy',
      'random',
      '-o',
      'without.jsonl',
      '--dedupe-threshold',
      '0',
      '--exclude-ids',
    ];
    const { code, stderr } = await pick(...args, '@done ids.txt', '@@unknown', '--must-include', '@wanted.txt');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('1 id of --exclude-ids is not in') });
    expect(stderr).toContain('@unknown');
    const ids = readLines('without.jsonl').map(({ id }) => id);
    expect(ids).toHaveLength(58);
    expect(ids[0]).toBe(all[2]);
    expect(ids).not.toContain(all[0]);
    expect(ids).not.toContain(all[1]);
    const missing = await pick('-n', '2', '--strategy', 'random', '--exclude-ids', '@no-such.txt', '-o', 'none.jsonl');
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(
      /file of ids "no-such.txt" cannot be read: there is no such file\.\n.*@@no-such.txt/,
    );
  });

  it('merges exact duplicates and lets only one of a group of near-duplicates be picked', async () => {
    const records = ['a', 'b', 'c', 'a'].map((letter) => JSON.stringify({ instruction: `Say ${letter} aloud.` }));
    folder.write('dup.jsonl', records.join('\n'));
    // Vectors: b nearly repeats a; c does not.
    const rows = [1, 0, 0.999, 0.04, 0, 1, 1, 0];
    const { npyContent } = await import('../../src/models/embedders/npy.ts');
    const matrix = { data: Float32Array.from(rows), rows: 4, columns: 2 };
    folder.write('dup.npy', Buffer.concat([...npyContent(matrix)]));
    const run = (...args: string[]) =>
      winnow('pick', 'dup.jsonl', '--embeddings', 'dup.npy', '--json', '--strategy', 'random', ...args);
    const summary = JSON.parse((await run('--count', '2')).stdout);
    expect(summary.pool).toMatchObject({ records: 4, exactDuplicates: 1, nearDuplicates: 1, candidates: 2 });
    const texts = summary.picks.map(({ instruction }: { instruction: string }) => instruction).sort();
    expect(texts).toEqual(['Say a aloud.', 'Say c aloud.']);
    expect(JSON.parse((await run('--count', '3', '--dedupe-threshold', '0')).stdout).picked).toBe(3);
    const tooMany = await run('--count', '3');
    expect(tooMany.code).toBe(1);
    expect(tooMany.stderr).toContain('Asked for 3 instructions but only 2 can be picked (1 more are near-duplicates)');
  });

  it('saves embeddings that --embeddings takes back, one row per record', async () => {
    await pick('--count', '2', '--save-embeddings', 'saved.npy', '--strategy', 'k-means', '-o', 'x.jsonl');
    const again = await winnow('pick', pool, '--embeddings', 'saved.npy', '--count', '2', '--strategy', 'k-means');
    expect(again.code).toBe(0);
    expect(again.stdout).toBe(readFileSync(folder.file('x.jsonl'), 'utf8'));
  });

  it('keeps what an earlier run said of a record', async () => {
    await pick('--count', '9', '-o', 'first.jsonl', '--strategy', 'random');
    const args = ['pick', 'first.jsonl', '--count', '1', '--strategy', 'random', '--dedupe-threshold', '0'];
    const { stdout } = await winnow(...args);
    expect(JSON.parse(stdout).winnow.previous).toMatchObject({ strategy: 'random' });
  });
});

describe('what an output may replace', () => {
  it('is never a file the run reads', async () => {
    const text = readFileSync(pool, 'utf8');
    const { code, stderr } = await pick('--count', '2', '-o', 'pool.jsonl');
    expect(code).toBe(2);
    expect(stderr).toContain('--output pool.jsonl would overwrite');
    const saved = await pick('--count', '2', '--save-embeddings', 'pool.jsonl');
    expect(saved.stderr).toContain('--save-embeddings pool.jsonl would overwrite');
    expect(readFileSync(pool, 'utf8')).toBe(text);
  });

  it('is not written by a plan, and neither are embeddings', async () => {
    await pick('--count', '2', '--plan', '-o', 'planned.jsonl', '--save-embeddings', 'planned.npy');
    expect(existsSync(folder.file('planned.jsonl'))).toBe(false);
    expect(existsSync(folder.file('planned.npy'))).toBe(false);
  });
});

describe('winnow pick, used wrongly', () => {
  it.each([
    [['pick', 'pool.jsonl'], "required option '-n, --count <n>' not specified"],
    [['pick', 'pool.jsonl', '-n', '0'], 'must be a whole number of at least 1'],
    [
      ['pick', 'pool.jsonl', '-n', '2', '--strategy', 'magic'],
      'Use one of: facility-location, selectllm, k-means, k-center, herding, typiclust, novelselect,',
    ],
    [['pick', 'pool.jsonl', '-n', '2', '--strategy', 'random', '--votes', '3'], '"random" has no option --votes'],
    [
      ['pick', 'pool.jsonl', '-n', '2', '--strategy', 'selectllm', '--per-query', '30'],
      'Lower --per-query or raise --items-per-query',
    ],
    [
      ['pick', 'pool.jsonl', '-n', '2', '--strategy', 'selectllm', '--partition', 'odd'],
      '--partition must be one of diverse, similar, random',
    ],
    [['pick', 'pool.jsonl', '-n', '2', '--provider', 'openai'], '--provider openai needs --model'],
    [['pick', 'pool.jsonl', '-n', '2', '--provider', 'compatible', '--model', 'm'], 'needs --base-url'],
    [['pick', 'pool.jsonl', '-n', '2', '--provider', 'openai', '--model', 'gpt-4o-mini'], 'Set OPENAI_API_KEY'],
    [['pick', 'pool.jsonl', '-n', '2', '--provider', 'anthropic', '--model', 'claude-haiku-4-5'], 'ANTHROPIC_API_KEY'],
    [['pick', 'pool.jsonl', '-n', '2', '--max-usd', '1e3'], 'must be an amount in dollars'],
    [['pick', 'pool.jsonl', '-n', '2', '--dedupe-threshold', '2'], 'a cosine from 0 (off) to 1'],
    [['pick', 'pool.jsonl', '-n', '2', '-o', 'x.docx'], '.docx'],
    [['pick', 'pool.jsonl', '-n', '2', '--frobnicate'], "unknown option '--frobnicate'"],
    [['pickle'], "unknown command 'pickle'"],
  ])('%j ends with exit code 2 and says why', async (args, message) => {
    const { code, stderr, stdout } = await winnow(...args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it.each([
    [['missing.jsonl', '-n', '1'], 'missing.jsonl'],
    [['bad.jsonl', '-n', '1'], '"bad.jsonl", line 2: it is not valid JSON'],
    [['pool.jsonl', '-n', '1', '--embeddings', 'short.npy'], 'short.npy'],
    [['pool.jsonl', '-n', '1', '--embeddings', 'pool.npy', '--state', 'bad.jsonl'], 'bad.jsonl as a state file'],
    [
      ['pool.jsonl', '-n', '1', '--strategy', 'random', '--dedupe-threshold', '0', '-o', 'no/such/folder.jsonl'],
      'no/such',
    ],
  ])('%j ends with exit code 1, names what is wrong and writes nothing', async (args, message) => {
    folder.write('bad.jsonl', '{"instruction":"Fine."}\n{"instruction": oops}\n');
    writeTinyPool(folder, 3, 'short');
    const { code, stderr, stdout } = await winnow('pick', ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('goes on over bad lines when told to, and reports them', async () => {
    folder.write('bad.jsonl', '{"instruction":"Fine."}\n{"instruction": oops}\n{"instruction":"Good."}\n[]\n');
    const args = ['bad.jsonl', '-n', '2', '--skip-bad-lines', '--strategy', 'random', '--dedupe-threshold', '0'];
    const { code, stderr } = await winnow('pick', ...args);
    expect(code).toBe(0);
    expect(stderr).toContain('2 bad records');
    expect(stderr).toContain('bad.jsonl:2');
    expect(stderr).toContain('bad.jsonl:4');
  });

  it('protects CSV cells that a spreadsheet would run, unless --raw-cells asks for them unchanged', async () => {
    folder.write('formulas.jsonl', '{"instruction":"=HYPERLINK(1)"}\n');
    const args = ['pick', 'formulas.jsonl', '-n', '1', '--strategy', 'random', '-o', 'formulas.csv'];
    await winnow(...args);
    expect(readFileSync(folder.file('formulas.csv'), 'utf8')).toMatch(
      /^instruction,.*winnow_protected\n'=HYPERLINK\(1\),.*,true\n$/,
    );
    await winnow(...args, '--raw-cells');
    expect(readFileSync(folder.file('formulas.csv'), 'utf8')).toMatch(/\n=HYPERLINK\(1\),/);
  });

  it('shows stacks with --verbose only', async () => {
    expect((await winnow('pick', 'missing.jsonl', '-n', '1', '--verbose')).stderr).toContain('    at ');
  });
});

describe('winnow --help', () => {
  it('names every option, with examples, keys and exit codes', async () => {
    const { code, stdout } = await winnow('pick', '--help');
    expect(code).toBe(0);
    const options = (
      'count output strategy partition per-query items-per-query item-tokens votes seed existing exclude where quota at-least at-most must-include exclude-ids dedupe-threshold ' +
      'provider model base-url price context-tokens prompts embedder embedding-model embedding-base-url ' +
      'embedding-price embedding-long-texts embeddings save-embeddings instruction-field input-field output-field id-field ' +
      'reasoning-tokens skip-bad-lines pii max-usd max-calls max-tokens concurrency timeout state retry-failed cache-dir plan yes json verbose'
    ).split(' ');
    for (const option of options) expect(stdout).toContain(`--${option}`);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('OPENAI_API_KEY');
    expect(stdout).toContain('Exit codes:');
    expect((await winnow('--help')).stdout).toContain('plan');
  });
});

describe('winnow plan', () => {
  it('shows pool, queries, cost and one real prompt, spends nothing and leaves no trace', async () => {
    const before = readdirSync(folder.path);
    const args = [
      ...['plan', pool, '--embeddings', embeddings, '-n', '12', '--strategy', 'selectllm', '--per-query', '3'],
      ...['--max-usd', '0.5'],
    ];
    const { code, stdout } = await winnow(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('60 records: 60 candidates');
    expect(stdout).toMatch(/queries +4 \(diverse\), each 3 of 12 candidates/);
    expect(stdout).toMatch(/budget +at most \$0\.50/);
    expect(stdout).toContain('Choose exactly 3 of these 12 candidates');
    expect(readdirSync(folder.path)).toEqual(before);
    const asJson = JSON.parse(
      (await pick('-n', '12', '--strategy', 'selectllm', '--per-query', '4', '--plan', '--json')).stdout,
    );
    expect(asJson.selection.asking).toMatchObject({ queries: 3, calls: { expected: 3, worstCase: 9 } });
  });
});

describe('the state file', () => {
  it('is an SQLite file with every query, reply and pick, and is refused to another run with the difference named', async () => {
    const args = ['-n', '8', '--strategy', 'selectllm', '--per-query', '4', '--state', 'run.db', '-o', 'run.jsonl'];
    expect((await pick(...args)).code).toBe(0);
    expect(existsSync(folder.file('run.db'))).toBe(true);
    const database = new Database(folder.file('run.db'), { readonly: true });
    const count = (table: string) => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect(['query', 'call', 'reply', 'query_pick', 'pick'].map(count)).toEqual([2, 2, 2, 8, 8]);
    database.close();

    const other = await pick(...args, '--seed', '9', '--votes', '2');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('belongs to a different run (seed: 0 there, 9 now; votes: 1 there, 2 now)');
    expect(other.stderr).toContain('use another file to start over: --state');
  });
});
