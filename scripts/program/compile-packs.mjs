// Runs commands in the folder it is started in, so that what V8 compiles for them can be kept beside the packs.
import { EventEmitter } from 'node:events';
import { writeFileSync } from 'node:fs';
import { openProgram, saveCompiled } from '../../dist/program/load-program.js';

const things = ['a bicycle', 'the tides', 'a loan', 'sourdough'];
const asks = ['Explain in plain words', 'List three facts about', 'Write a short poem on'];
const pool = things.flatMap((thing) => asks.map((ask) => `${JSON.stringify({ instruction: `${ask} ${thing}.` })}\n`));
writeFileSync('pool.jsonl', pool.join(''));
writeFileSync('winnow.yaml', 'pool: { files: [pool.jsonl] }\nrounds: { most: 1, seed: { count: 3 } }\n');

const commands = [
  'run --yes',
  'status',
  'pick pool.jsonl --count 2 -o picked.jsonl',
  'score pool.jsonl -o scores.jsonl',
  ...['', 'init', 'add', 'annotate', 'report', 'export', 'import', 'inspect', 'models', 'doctor', 'simulate'].map(
    (name) => `${name} --help`,
  ),
];
// Every run adds the listeners of one process.
EventEmitter.defaultMaxListeners = 0;
for (const words of commands) {
  process.argv = [process.execPath, 'winnow', ...words.split(' ').filter((word) => word !== '')];
  await openProgram().load('cli/main.js').ended;
}
process.exitCode = 0;
saveCompiled();
