import { describe, expect, it } from 'vitest';
import { flagBreaches, globalBreaches, importBreaches, importCycles, shapeBreaches } from './import-rules.ts';
import { parseModule, readSourceModules, sourceOf } from './source-modules.ts';

/** The files of cli/ that write to a stream: by `shownText` or `safeJson`, or a text of their own. */
const MAY_WRITE = ['cli/output/progress.ts', 'cli/print.ts', 'cli/terminal.ts'];

describe('the source', () => {
  const modules = readSourceModules();

  it('is there', () => {
    expect(modules.length).toBeGreaterThan(50);
    const pick = modules.find(({ path }) => path === 'runs/pick/pick.ts');
    expect(pick?.imports).toContainEqual(expect.objectContaining({ target: 'domain/money.ts', inside: true }));
  });

  it('imports one way only, and never between rooms of one layer', () => {
    expect(importBreaches(modules)).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(importCycles(modules)).toEqual([]);
  });

  it('leaves the process, the console, the clock and chance to those who own them', () => {
    expect(globalBreaches(modules)).toEqual([]);
  });

  it('prints by one function, which lets no text steer a terminal, and strips escapes by one that takes linear time', () => {
    expect(
      modules.filter(({ path, calls }) => path.startsWith('cli/') && calls.includes('write')).map(({ path }) => path),
    ).toEqual(MAY_WRITE);
    const imported = modules.filter(({ path }) => /stripVTControlCharacters/.test(sourceOf(path)));
    expect(imported.map(({ path }) => path)).toEqual([]);
  });

  it('names no flags below the command line', () => {
    expect(flagBreaches(modules)).toEqual([]);
  });

  it('has short files with telling names, and no any', () => {
    expect(shapeBreaches(modules)).toEqual([]);
  });
});

describe('the rules', () => {
  const breaches = (path: string, text: string) => importBreaches([parseModule(path, text)]);

  it.each([
    ['domain/a.ts', "import { x } from '../math/random.ts';", 'math comes after domain'],
    ['annotate/page/a.tsx', "import { x } from '../desk/a.ts';", 'not for browsers'],
    ['annotate/page/a.tsx', "import { x } from 'node:fs';", 'no Node'],
    ['annotate/server/a.ts', "import { x } from '../page/a.tsx';", 'only pages see it'],
    ['math/a.ts', "export * from '../models/metering/prices.ts';", 'models comes after math'],
    ['selection/strategies/a.ts', "import { x } from '../../trainers/a.ts';", 'of one layer'],
    ['selection/a.ts', "import type { X } from '../labels/a.ts';", 'of one layer'],
    ['store/a.ts', "const x = await import('../campaign/campaign.ts');", 'campaign comes after store'],
    ['store/a.ts', "let x: import('../cli/terminal.ts').Terminal;", 'cli comes after store'],
    ['store/a.ts', "import '../new-folder/a.ts';", 'new-folder is in no layer'],
    ['campaign/a.ts', "import type { X } from './steps/a.ts';", 'know no steps'],
    ['records/a.ts', "import { env } from 'node:process';", 'only cli sees the process'],
    ['selection/a.ts', "import { it } from 'vitest';", 'only testing runs tests'],
  ])('find in %s: %s', (path, text, because) => {
    expect(breaches(path, text)).toEqual([expect.stringContaining(because)]);
  });

  it.each([
    ['selection/strategies/a.ts', "import type { Judge } from '../judges/judge.ts';"],
    ['selection/strategies/a.ts', "import { ask } from '../../models/asker.ts';"],
    ['campaign/steps/a.ts', "import { x } from '../a.ts';"],
    ['campaign/steps/a.ts', "import { x } from './b.ts';"],
    ['cli/a.ts', "import { pick } from '../runs/pick/pick.ts';"],
    ['math/a.ts', "// import '../cli/main.ts'\nconst text = \"import '../cli/main.ts'\";"],
  ])('let %s have: %s', (path, text) => {
    expect(breaches(path, text)).toEqual([]);
  });

  it('find a cycle of three', () => {
    const modules = ['b', 'c', 'a'].map((next, index) =>
      parseModule(`math/${'abc'[index]}.ts`, `import { x } from './${next}.ts';`),
    );
    expect(importCycles(modules)).toEqual(['math/a.ts → math/b.ts → math/c.ts → math/a.ts']);
  });

  it.each([
    ['math/a.ts', 'const x = Math.random();', 'Math.random'],
    ['cli/a.ts', 'const x = Math.random();', 'Math.random'],
    ['store/a.ts', 'process.exit(1);', 'process.exit'],
    ['store/a.ts', 'const { env } = process;', 'process.env'],
    ['store/a.ts', 'console.log(1);', 'console.log'],
    ['store/a.ts', 'const now = Date.now();', 'Date.now'],
    ['cli/a.ts', 'const x = JSON.parse(text);', 'JSON.parse'],
  ])('find that %s does: %s', (path, text, member) => {
    expect(globalBreaches([parseModule(path, text)])).toEqual([`${path} uses ${member}.`]);
  });

  it('let cli have the process, and the lock its number', () => {
    expect(globalBreaches([parseModule('cli/a.ts', 'process.exit(1); console.log(Date.now());')])).toEqual([]);
    expect(globalBreaches([parseModule('store/file-lock.ts', 'const { pid } = process;')])).toEqual([]);
  });

  it.each([
    ['store/a.ts', "throw new UsageError('Raise --max-usd.');", '--max-usd'],
    ['runs/a.ts', 'const hint = `Or lower --count.`;', '--count'],
    ['annotate/page/a.tsx', 'const a = <p>Start it with --allow-host.</p>;', '--allow-host'],
  ])('find that %s names a flag: %s', (path, text, flag) => {
    expect(flagBreaches([parseModule(path, text)])).toEqual([`${path} names the flag ${flag}.`]);
  });

  it.each([
    ['cli/a.ts', "const a = '--max-usd';"],
    ['store/a.ts', '// Raise --max-usd.'],
    ['report/page/a.tsx', "const a = ['var(--line)', '--ground'];"],
    ['domain/a.ts', "const a = 'NODE_OPTIONS=--max-old-space-size=8192';"],
  ])('let %s have: %s', (path, text) => {
    expect(flagBreaches([parseModule(path, text)])).toEqual([]);
  });

  it('find any, long files, empty names and missing extensions', () => {
    const long = parseModule('math/a.ts', 'const a = 1;\n'.repeat(301));
    const any = parseModule('math/utils.ts', "import { x } from './b'; export const y = x as any;");
    const camel = parseModule('math/kMeans.ts', '');
    expect(shapeBreaches([long, any, camel])).toEqual([
      'math/a.ts has 301 lines, more than 300.',
      'math/utils.ts uses any.',
      'math/utils.ts says nothing by its name.',
      'math/utils.ts imports math/b without its extension.',
      'math/kMeans.ts is not kebab-case.',
    ]);
  });
});
