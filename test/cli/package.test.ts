import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { expect, it } from 'vitest';

interface PackageFile {
  readonly name: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
}

interface Packed {
  readonly files: readonly { readonly path: string }[];
  readonly unpackedSize: number;
}

const own = JSON.parse(readFileSync('package.json', 'utf8')) as PackageFile;

it('the package holds what it needs and nothing of the workshop', () => {
  const [{ files, unpackedSize }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
  ) as [Packed];
  const paths = files.map(({ path }) => path);
  const entries = Object.values(own.exports).flatMap((entry) => [entry.types, entry.default]);
  const needed = [...entries, ...Object.values(own.bin)].map((path) => path.replace(/^\.\//, ''));
  const images = [...readFileSync('README.md', 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
  expect(images).not.toEqual([]);
  expect(paths).toEqual(
    expect.arrayContaining([...needed, ...images, 'LICENSE', 'CHANGELOG.md', 'README.md', 'data/pool.jsonl']),
  );
  for (const path of needed) expect(existsSync(path)).toBe(true);
  const strangers = paths.filter((path) => !/^(dist|prompts|data|docs)\/|^[\w.]+$/.test(path) || path.endsWith('.map'));
  expect(strangers).toEqual([]);
  expect(unpackedSize).toBeLessThan(40e6);
});

it('no script runs at its install, and no dependency fetches from elsewhere than the registry', () => {
  const hooks = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(Object.keys(own.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly dev?: boolean }>>;
  };
  const withScript = Object.entries(lock.packages)
    .filter(([, { hasInstallScript, dev }]) => hasInstallScript && !dev)
    .map(([path]) => path.replace('node_modules/', ''));
  // It is compiled where its binary cannot be downloaded.
  expect(withScript).toEqual(['better-sqlite3']);
});

it('what the built program needs beside itself is a dependency, and all else is in it with its licence', () => {
  const folder = new URL('../../dist/', import.meta.url);
  const packs = readdirSync(new URL('program/', folder)).filter((name) => name.endsWith('.js'));
  const modules = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:js|d\.ts)$/.test(name),
  );
  const named = [
    ...packs.flatMap((name) => [
      ...readFileSync(new URL(`program/${name}`, folder), 'utf8').matchAll(
        /\b(?:require|importModule)\("([a-z@][^"]*)"\)/g,
      ),
    ]),
    ...modules
      .filter((name) => !/^(?:program|assets)\//.test(name))
      .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/(?:from|import) '([a-z@][^']*)'/g)]),
  ].map(([, name]) => /^(?:@[^/]+\/)?[^/]+/.exec(name!)![0]);
  const packages = new Set(named.filter((name) => !isBuiltin(name) && name !== 'chunks'));
  // Used by tinyglobby's copy of fdir only where it is installed.
  packages.delete('picomatch');
  // Other queues and clients than the one bullmq is given here.
  for (const name of ['pg', '@valkey/valkey-glide']) packages.delete(name);
  const given = [...Object.keys(own.dependencies), ...Object.keys(own.peerDependencies)];
  // Types of a package come by the name of the package.
  expect([...packages].sort()).toEqual(given.filter((name) => !name.startsWith('@types/')).sort());
  const notices = readFileSync(new URL('THIRD-PARTY-NOTICES.txt', folder), 'utf8');
  for (const name of ['openai', 'hono', 'commander', 'preact', 'gpt-tokenizer'])
    expect(notices).toContain(`\n${name} `);
});

it('passes what a release is checked for: publint, types under strict settings, source maps, images', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['node_modules/tsx/dist/cli.mjs', 'scripts/release-check.ts'],
    {
      encoding: 'utf8',
    },
  );
  expect({ stderr, status }).toMatchObject({ status: 0 });
  expect(stdout.match(/^ok /gm)).toHaveLength(5);
});
