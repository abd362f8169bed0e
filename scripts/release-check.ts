// What must be right before a release, checked on the packed package: npm run release:check
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const folder = mkdtempSync(join(tmpdir(), 'winnow-release-'));
const problems: string[] = [];

try {
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  const installed = join(folder, 'node_modules', 'winnow-ai');
  mkdirSync(installed, { recursive: true });
  run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);

  check('publint', () => run(join(modules, '.bin/publint'), ['run', '--strict', '--pack', 'false', installed]));
  check('are the types wrong?', () =>
    run(join(modules, '.bin/attw'), ['--profile', 'esm-only', '--no-color', tarball]),
  );
  check('types under the strictest settings', () => checkTypes(installed));
  check('source maps', () => checkSourceMaps(installed));
  check('images of the README', () => checkImages(installed));
} finally {
  rmSync(folder, { recursive: true });
}
if (problems.length > 0) {
  process.stderr.write(`${problems.join('\n\n')}\n`);
  process.exitCode = 1;
}

function check(what: string, test: () => unknown): void {
  try {
    test();
    process.stdout.write(`ok      ${what}\n`);
  } catch (error) {
    const { stdout, message } = error as Error & { readonly stdout?: string };
    process.stdout.write(`failed  ${what}\n`);
    problems.push(`${what}:\n${stdout || message}`);
  }
}

/** As a program that imports everything, with what npm installs beside it and nothing else. */
function checkTypes(installed: string): void {
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  // Dependencies of these, too, and what the tests of plugins import.
  for (const name of [...Object.keys(dependencies), '@types/node', 'undici-types', 'vitest', 'fast-check']) link(name);
  writeFileSync(
    join(folder, 'all.ts'),
    `export * from 'winnow-ai';\nexport * from 'winnow-ai/testing';\nimport { pick, type PickOptions } from 'winnow-ai';
export const options: PickOptions = { pool: 'pool.jsonl', count: 2 };\nexport const picked = pick(options);\n`,
  );
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        ...{ target: 'es2022', module: 'nodenext', strict: true, noEmit: true, types: ['node'] },
        ...{ skipLibCheck: false, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
      },
      files: ['all.ts'],
    }),
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  run(join(modules, '.bin/tsc'), ['-p', folder]);
}

function link(name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(join(target, '..'), { recursive: true });
  symlinkSync(join(modules, name), target);
}

/** A source map, or a comment that names one, is of no use without the sources. */
function checkSourceMaps(installed: string): void {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  const bad = files.filter(
    (name) =>
      name.endsWith('.map') ||
      (/\.c?js$/.test(name) && /^\/\/# sourceMappingURL=/m.test(readFileSync(join(installed, name), 'utf8'))),
  );
  if (bad.length > 0) throw new Error(bad.join('\n'));
}

function checkImages(installed: string): void {
  const readme = readFileSync(join(installed, 'README.md'), 'utf8');
  const images = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
  if (images.length === 0) throw new Error('No image was found.');
  for (const path of images) readFileSync(join(installed, path));
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
