// Bundles the command line and the library over the modules of tsc, which stay for threads and types. What a command needs is
// in three or four files of dist/program, and compiled already for the Node that builds: a start takes a third of the time.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin, transform } from 'esbuild';
import type { TokenEncoding } from '../src/models/metering/token-count.ts';
import { type BundledChunk, choosePacks, writePack } from './program/pack-chunks.ts';
import { thirdPartyNotices } from './program/third-party-notices.ts';
import { unusedModules } from './program/unused-modules.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENCODINGS = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] satisfies TokenEncoding[];

/** A bundled module keeps the address that it has among the modules of tsc: data, prompts and threads are found from there. */
const keepAddresses: Plugin = {
  name: 'keep-addresses',
  setup: (bundle) =>
    bundle.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const file = relative(`${root}src`, path).replaceAll('\\', '/').replace(/\.ts$/, '.js');
      const address = `(distAddress + ${JSON.stringify(file)})`;
      const source = await readFile(path, 'utf8');
      if (/^export let /m.test(source)) throw new Error(`${file}: an export of a pack cannot be assigned later.`);
      return { contents: source.replaceAll(/(?<!\* .*)\bimport\.meta\.url\b/g, address), loader: 'ts' };
    }),
};

/** Of zod's 50 languages, the messages of one are shown. */
const oneLanguage: Plugin = {
  name: 'one-language',
  setup: (bundle) =>
    bundle.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: `export { default as en } from './en.js'`,
    })),
};

/** Builds tables of all emoji as it loads, which few starts of the program need: it is loaded by its first call. */
const lateStringWidth: Plugin = {
  name: 'late-string-width',
  setup: (bundle) => {
    bundle.onResolve({ filter: /^string-width$/ }, async ({ path, importer, resolveDir, pluginData }) => {
      // Older copies of it, which other packages bring along, are CommonJS and build nothing.
      if (pluginData === 'found' || !importer.startsWith(`${root}src`)) return null;
      const found = await bundle.resolve(path, { kind: 'require-call', resolveDir, pluginData: 'found' });
      return { path: found.path, namespace: 'late' };
    });
    bundle.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `export default (text) => require(${JSON.stringify(path)}).default(text);`,
      resolveDir: root,
    }));
  },
};

const bundle = await build({
  absWorkingDir: root,
  entryPoints: {
    'cli/main': 'src/cli/main.ts',
    'cli/worker-child': 'src/cli/worker-child.ts',
    index: 'src/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // These are native, bring files of their own, or must be the copies of the program that imports us.
  external: [
    ...['@aws-sdk/client-s3', 'better-sqlite3', 'onnxruntime-node', 'open', '@lat.md/*'],
    ...['fast-check', 'vitest'],
  ],
  define: { 'import.meta.url': 'distAddress' },
  plugins: [keepAddresses, oneLanguage, lateStringWidth],
  legalComments: 'none',
  logLevel: 'warning',
  write: false,
  metafile: true,
});

const underDist = (path: string) => path.replace(/^dist\//, '');
const outputs: Metafile['outputs'] = Object.fromEntries(
  Object.entries(bundle.metafile.outputs).map(([path, { imports, ...output }]) => [
    underDist(path),
    { ...output, imports: imports.map((some) => ({ ...some, path: underDist(some.path) })) },
  ]),
);
const chunks: readonly BundledChunk[] = bundle.outputFiles.map(({ path, text }) => ({
  name: relative(`${root}dist`, path).replaceAll('\\', '/'),
  code: text,
}));

await rm(`${root}dist/program`, { recursive: true, force: true });
// Each vocabulary is a file of its own, which is loaded by the first text that is counted with it.
const tokenizers = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(ENCODINGS.map((name) => [name, `gpt-tokenizer/encoding/${name}`])),
  outdir: 'dist/tokenizers',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});
const packOf = choosePacks(outputs);
for (const pack of new Set(Object.values(packOf))) {
  await write(`program/${pack}`, writePack(chunks.filter(({ name }) => packOf[name] === pack)));
}
await write('program/packs.json', JSON.stringify(packOf));
const loader = await readFile(`${root}scripts/program/load-program.ts`, 'utf8');
await write('program/load-program.js', (await transform(loader, { loader: 'ts', target: 'node20' })).code);
await write(
  'cli/main.js',
  `#!/usr/bin/env node\nimport { load } from '../program/load-program.js';\nawait load('cli/main.js').ended;\n`,
);
await write(
  'cli/worker-child.js',
  `import { load } from '../program/load-program.js';\nload('cli/worker-child.js');\n`,
);
await chmod(`${root}dist/cli/main.js`, 0o755);
await write('index.js', entry('index.js'));
await write('testing/index.js', entry('testing/index.js', ['vitest', 'fast-check']));
await prune();
const pageInputs = JSON.parse(await readFile(`${root}dist/assets/inputs.json`, 'utf8')) as string[];
await rm(`${root}dist/assets/inputs.json`);
const inputs = [bundle, tokenizers].flatMap(({ metafile }) => Object.keys(metafile.inputs));
await write('THIRD-PARTY-NOTICES.txt', thirdPartyNotices(root, [...inputs, ...pageInputs]));
const trial = await mkdtemp(join(tmpdir(), 'winnow-build-'));
try {
  execFileSync(process.execPath, [`${root}scripts/program/compile-packs.mjs`], {
    cwd: trial,
    stdio: 'pipe',
    env: { PATH: process.env.PATH, HOME: trial, WINNOW_CACHE_DIR: trial },
  });
} finally {
  await rm(trial, { recursive: true });
}

/** An entry of the package for those who import it. @param given packages that only import can load */
function entry(name: string, given: readonly string[] = []): string {
  const exported = outputs[name]!.exports;
  return [
    `import { give, load } from '${name.includes('/') ? '../' : './'}program/load-program.js';`,
    ...given.map((name, at) => `import * as given${at} from '${name}';\ngive('${name}', given${at});`),
    `export const { ${exported.join(', ')} } = load('${name}');`,
    '',
  ].join('\n');
}

/** Leaves the types of what is exported, and the modules that threads run. */
async function prune(): Promise<void> {
  const dist = `${root}dist`;
  const files = await readdir(dist, { recursive: true });
  const started = files.filter((name) =>
    /-thread\.js$|^(?:cli\/main|cli\/worker-child|index|testing\/index|program\/.*|assets\/.*)\.js$/.test(name),
  );
  const unused = [
    ...unusedModules(dist, started, '.js'),
    ...unusedModules(dist, ['index.d.ts', 'testing/index.d.ts'], '.d.ts'),
  ];
  for (const file of unused) await rm(file);
}

async function write(name: string, text: string): Promise<void> {
  const path = `${root}dist/${name}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
