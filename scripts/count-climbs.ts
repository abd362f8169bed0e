import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAst } from 'vitest/node';

/**
 * Counts how often control changes rooms in a real run of `winnow pick`, from the pool file to the picks. A room is a
 * folder of src/. The built program is copied, every function is made to record who called it (through awaits too), and
 * the copy is run with a small pool.
 *
 * - descents: pairs of functions (caller, callee) in two rooms where the callee's room is not on the way down to the
 *   caller. Each comes back, so this is the number of returns too.
 * - climbs: such pairs where the callee's room was left further up: control goes back up through a callback or an object
 *   that was passed in, before the call returns.
 * - from pick: descents from the files that carry the run, those of the folder `pick`: how often the run itself gets
 *   control back to wire the next thing.
 * A pair counts once, however often it is called. Progress reports are left out.
 *
 * Usage: npm run build && tsx scripts/count-climbs.ts [root of a checkout]
 */
const root = resolve(process.argv[2] ?? '.');
const RUNS = [
  ['random', '--dedupe-threshold', '0'],
  ['facility-location', '--dedupe-threshold', '0.98'],
  ['selectllm', '--dedupe-threshold', '0.98'],
];

interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

interface Pair {
  readonly from: string;
  readonly to: string;
  readonly isClimb: boolean;
}

const TRACER = `
const { AsyncLocalStorage } = process.getBuiltinModule('node:async_hooks');
const { appendFileSync } = process.getBuiltinModule('node:fs');
const calls = new AsyncLocalStorage();
const pairs = new Map();
globalThis.traced = (file, name, body) => {
  const caller = calls.getStore();
  const room = file.split('/')[0];
  if (caller && caller.room !== room) {
    const pair = { from: caller.file + '#' + caller.name, to: file + '#' + name, isClimb: caller.rooms.includes(room) };
    pairs.set(pair.from + ' ' + pair.to + ' ' + pair.isClimb, pair);
  }
  const rooms = caller ? (caller.rooms.at(-1) === room ? caller.rooms : [...caller.rooms, room]) : [room];
  return calls.run({ file, name, room, rooms }, body);
};
process.on('exit', () => appendFileSync(process.env.TRACE_FILE, JSON.stringify([...pairs.values()])));
`;

function functionsOf(node: unknown, found: SyntaxNode[], name = ''): SyntaxNode[] {
  if (typeof node !== 'object' || node === null) return found;
  const { type, body, generator, id, key } = node as SyntaxNode & Record<string, { name?: string; type?: string }>;
  const ownName = id?.name ?? key?.name ?? name;
  const isFunction = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type ?? '');
  if (isFunction && !generator && body?.type === 'BlockStatement')
    found.push({ ...(node as SyntaxNode), name: ownName });
  for (const [property, value] of Object.entries(node)) {
    if ((node as { kind?: string }).kind === 'constructor' && property === 'value') continue;
    for (const child of Array.isArray(value) ? value : [value]) functionsOf(child, found, ownName);
  }
  return found;
}

function instrument(path: string, text: string): string {
  const inserts = functionsOf(parseAst(text), []).flatMap(({ body, async: isAsync, name }) => {
    const { start, end } = body as SyntaxNode;
    const open = `return globalThis.traced(${JSON.stringify(path)}, ${JSON.stringify(name)}, ${isAsync ? 'async ' : ''}() => {`;
    return [
      { at: start + 1, text: open },
      { at: end - 1, text: '});' },
    ];
  });
  inserts.sort((a, b) => b.at - a.at);
  return inserts.reduce((all, { at, text: added }) => all.slice(0, at) + added + all.slice(at), text);
}

const copy = mkdtempSync(join(tmpdir(), 'count-climbs-'));
for (const name of ['dist', 'data', 'prompts', 'package.json']) {
  cpSync(join(root, name), join(copy, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
for (const name of readdirSync(join(copy, 'dist'), { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.js') || /\/page\//.test(name)) continue;
  const path = join(copy, 'dist', name);
  writeFileSync(path, instrument(name, readFileSync(path, 'utf8')));
}
writeFileSync(join(copy, 'tracer.mjs'), TRACER);
const pool = Array.from({ length: 60 }, (_, n) =>
  JSON.stringify({ id: `${n}`, instruction: `Explain ${n} to a child.` }),
);
writeFileSync(join(copy, 'pool.jsonl'), pool.join('\n'));

for (const [strategy, ...options] of RUNS) {
  const trace = join(copy, `${strategy}.json`);
  const args = ['pick', 'pool.jsonl', '--count', '5', '-o', `${strategy}.jsonl`, '--strategy', strategy!, ...options];
  const run = spawnSync(process.execPath, ['--import', './tracer.mjs', 'dist/cli/main.js', ...args], {
    cwd: copy,
    env: { ...process.env, TRACE_FILE: trace, WINNOW_CACHE_DIR: copy },
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const pairs = (JSON.parse(readFileSync(trace, 'utf8')) as Pair[]).filter(({ to }) => !/progress/.test(to));
  const climbs = pairs.filter(({ isClimb }) => isClimb);
  const fromPick = pairs.filter(({ from, isClimb }) => !isClimb && /^(?:runs\/)?pick\//.test(from));
  process.stdout.write(
    `${strategy}: ${pairs.length - climbs.length} descents and returns, ${climbs.length} climbs, ${fromPick.length} from pick\n`,
  );
  if (process.env.SHOW)
    for (const { from, to, isClimb } of pairs) process.stdout.write(`  ${isClimb ? '↑' : '↓'} ${from} → ${to}\n`);
}
rmSync(copy, { recursive: true });
