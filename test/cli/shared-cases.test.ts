import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CASES = join(import.meta.dirname, '../../../shared/cases');
const MAIN = join(import.meta.dirname, '../../dist/cli/main.js');
const names = existsSync(CASES)
  ? readdirSync(CASES, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [one.name] : []))
  : [];
const root = temporaryFolder();

interface Expected {
  /** Parts of what is printed. */
  readonly prints?: readonly (string | RegExp)[];
  readonly never?: readonly string[];
  /** Parts of a file. */
  readonly file?: readonly [name: string, ...parts: string[]];
  /** Instruction and output of each label in the training file, without their order. */
  readonly trains?: readonly (readonly [instruction: string, output: string])[];
}

const RIVERS = 'Name three rivers that flow into the Black Sea.';
const DOUGH = 'Explain in two sentences why bread dough rises.';
const FEET = 'Convert 12 square feet into square metres.';
const DECLINE = 'Write a polite note that turns down an invitation.';
const DANUBE = 'Danube, Dnieper, Dniester';
const ONE_CALL = [/Picked 2 by selectllm/, /spent +\$\S+ for 1 call/];

/** What each case must give: see its expect.md. */
const EXPECTED: Readonly<Record<string, Expected>> = {
  '01': { prints: ['Picked 3 by random', 'pool      3 records: 3 candidates'] },
  '02': {
    file: ['out/train.jsonl', 'Translate everything into Latin', 'Answer as a medieval knight', 'a cat called Mia'],
  },
  '03': { prints: ['unknown role "bing"', '--roles'] },
  '04': { prints: ['Picked 2 by random'] },
  '05': { prints: ['Scored 2 records, accuracy', '2 distinct instructions with a response'] },
  '06': { prints: ['only 1 can be picked'] },
  '07': { prints: ['Picked 1 by random', 'Name a sea.'] },
  '08': { prints: ['Picked 2 by random'] },
  '09': { prints: ['Picked 1 by random', 'Name a sea that touches Poland.'] },
  '10': { file: ['rounds/1/tasks.jsonl', '"input":"Hot : Cold :: Up : Down"', '"input":"Teh cat sat on teh mat."'] },
  '11': { prints: ['"} Was ist Hefe?\n', '"} Warum ist der Himmel blau?\n'] },
  '12': { prints: ['only 2 can be picked', 'it repeats the header'] },
  '13': { prints: ['Picked 5 by random'] },
  '14': { prints: ['Picked 2 by random', 'separated by semicolons'] },
  '15': { prints: ['read as null', 'trailing commas', 'pool      2 records'] },
  '16': { prints: ['Explain why bread dough rises.', 'Name a sea.'] },
  '17': { prints: ['it holds 2 responses'], trains: [[FEET, 'About 1.11 square metres.']] },
  '18': {
    prints: ['control "answer"'],
    trains: [
      [RIVERS, DANUBE],
      [DECLINE, 'Sorry, I cannot make it.'],
    ],
  },
  '19': {
    prints: ['(doccano)'],
    trains: [
      [RIVERS, DANUBE],
      [DECLINE, 'Sorry, I cannot come.'],
    ],
  },
  '20': { prints: ['it has 2 labels'], trains: [] },
  '21': {
    prints: ['3 labels not imported'],
    trains: [[DOUGH, 'Yeast eats sugar and gives off gas. The gluten holds it.']],
  },
  '22': { prints: ['#NAME?', '#VALUE!'], trains: [[DOUGH, 'Yeast makes gas. The dough holds it.']] },
  '23': { prints: ['1 already imported', /labels +\$0\.500000/], trains: [[RIVERS, DANUBE]] },
  '24': {
    prints: ['31.01.2025 09:30'],
    trains: [
      [RIVERS, DANUBE],
      [DOUGH, 'Yeast makes gas. The dough holds it.'],
      [FEET, '1.11 m²'],
    ],
  },
  '25': {
    trains: [
      [RIVERS, DANUBE],
      [FEET, '1.11 m²'],
    ],
  },
  '26': { prints: ['Picked 4 by k-center', '2 ids in --existing belong to other texts'] },
  '27': { prints: ['(label-studio)'], trains: [[RIVERS, DANUBE]] },
  '28': {
    prints: ['it is completed, but the file has no responses', 'with_responses=True'],
    never: ['untouched'],
    trains: [],
  },
  '29': { prints: ONE_CALL },
  '30': { prints: ONE_CALL },
  '31': { prints: ['"settledMicroUsd": 8660', '"settledCalls": 1'] },
  '32': { prints: ['3 items have no usable vector: b, c, d'], never: ['near-duplicates of'] },
};

describe.skipIf(names.length === 0)('inputs that people have', () => {
  it('are all there', () => {
    expect(names.map((name) => name.slice(0, 2)).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(names)('%s', async (name) => {
    const { prints = [], never = [], file, trains } = EXPECTED[name.slice(0, 2)]!;
    const folder = root.file(name);
    cpSync(join(CASES, name), folder, { recursive: true });
    const printed = await runCase(folder);
    for (const part of prints) {
      if (typeof part === 'string') expect(printed).toContain(part);
      else expect(printed).toMatch(part);
    }
    for (const part of never) expect(printed).not.toContain(part);
    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    for (const part of file?.slice(1) ?? []) expect(read(file![0])).toContain(part);
    if (trains === undefined) return;
    const records = JSON.parse(read('out/train.json')) as { instruction: string; output: string }[];
    expect(records.map(({ instruction, output }) => [instruction, output]).sort()).toEqual([...trains].sort());
  });
});

/** Runs the commands of a case in a shell, as a user would. A server of the case gets a free port, and is waited for. */
async function runCase(folder: string): Promise<string> {
  let script = readFileSync(join(folder, 'cmd'), 'utf8');
  const [, port] = /^node server\.mjs (\d+) &/.exec(script) ?? [];
  const free = await freePort();
  const server = port === undefined ? undefined : spawn(process.execPath, ['server.mjs', `${free}`], { cwd: folder });
  if (port !== undefined) {
    script = script
      .replaceAll(/^(?:node server\.mjs .*|sleep .*|kill .*)\n?/gm, '')
      .replaceAll(`:${port}/`, `:${free}/`);
    await listening(free);
  }
  try {
    const shell = `winnow() { "${process.execPath}" "${MAIN}" "$@"; }\njq() { :; }\n${script}`;
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', `${shell}\ntrue`], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', WINNOW_CACHE_DIR: root.file('cache') },
      maxBuffer: 16 * 2 ** 20,
    });
    return `${stdout}\n${stderr}`;
  } finally {
    server?.kill();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

/** Waits until a server accepts connections. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (isUp) return;
    await wait(5);
  }
}
