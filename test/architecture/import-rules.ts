import type { ModuleImport, SourceModule } from './source-modules.ts';

/** Imports run one way, from later layers to earlier ones. Rooms of one layer do not see each other. */
const LAYERS: readonly (readonly string[])[] = [
  ['version.ts', 'domain'],
  ['engine', 'records', 'store', 'text'],
  ['math'],
  ['models'],
  ['selection', 'labels', 'trainers'],
  ['plugins'],
  ['campaign'],
  ['runs'],
  ['annotate'],
  ['report'],
  ['testing', 'index.ts'],
  ['cli'],
];

/** What runs in a browser, and the files of the rest that it may use: they use nothing of Node. */
const BROWSER_FOLDER = /^(?:annotate|report)\/page\//;
const FOR_BROWSERS = [
  'annotate/server/web-api.ts',
  'annotate/desk/desk-views.ts',
  'annotate/desk/lead-views.ts',
  'report/report-data.ts',
  'report/pool-figures.ts',
  'domain/money.ts',
  'domain/questions.ts',
  'domain/label-quality.ts',
  'domain/pay-row.ts',
];

const STEPS = /^campaign\/steps\//;

/** Where a global may be used outside `cli`. */
const GLOBAL_EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  // The lock names its holder.
  'math/onnx-runtime.ts': ['process.env'],
  'store/file-lock.ts': ['process.pid'],
  'domain/clock.ts': ['Date.now'],
  'domain/foreign-json.ts': ['JSON.parse'],
  // Files that winnow ships with, and what it wrote itself.
  'version.ts': ['JSON.parse'],
  'models/embedders/minilm-embedder.ts': ['JSON.parse'],
  'models/embedders/safetensors.ts': ['JSON.parse'],
  'models/metering/prices.ts': ['JSON.parse'],
  'models/metered-likelihood.ts': ['JSON.parse'],
  'store/row-shape.ts': ['JSON.parse'],
  'testing/training-job.ts': ['JSON.parse'],
  'campaign/import-labels.ts': ['JSON.parse'],
  'campaign/steps/wait-for-labels.ts': ['JSON.parse'],
};
const FORBIDDEN_GLOBAL = /^(?:process\.|console\.|Math\.random$|Date\.now$|JSON\.parse$)/;

const EVEN_IN_CLI = new Set(['Math.random', 'JSON.parse']);

const MOST_LINES = 300;

/** @returns what is wrong, one sentence a breach */
export function importBreaches(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, imports }) =>
    imports.flatMap((imported) => {
      const because = breachOf(path, imported);
      return because === undefined ? [] : [`${path} imports ${imported.target}: ${because}.`];
    }),
  );
}

function breachOf(path: string, { target, inside }: ModuleImport): string | undefined {
  if (!inside) {
    if (BROWSER_FOLDER.test(path) && target.startsWith('node:')) return 'browsers have no Node';
    if (/^(?:vitest|fast-check)$/.test(target) && folderOf(path) !== 'testing') return 'only testing runs tests';
    return /^(?:node:)?process$/.test(target) && folderOf(path) !== 'cli' ? 'only cli sees the process' : undefined;
  }
  const [here, there] = [BROWSER_FOLDER.test(path), BROWSER_FOLDER.test(target)];
  if (here && !there && !FOR_BROWSERS.includes(target)) return 'it is not for browsers';
  if (!here && there) return 'only pages see it';
  const [from, to] = [folderOf(path), folderOf(target)];
  if (from === to) {
    // Steps follow the rules of a campaign; what runs them is in `runs`.
    return STEPS.test(target) && !STEPS.test(path) ? 'rules of a campaign know no steps' : undefined;
  }
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer < 0 || toLayer < 0) return `${fromLayer < 0 ? from : to} is in no layer`;
  if (toLayer < fromLayer) return undefined;
  if (toLayer > fromLayer) return `${to} comes after ${from}`;
  return `${from} and ${to} are of one layer`;
}

function folderOf(path: string): string {
  return path.split('/')[0]!;
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folder));
}

/** @returns every file that can reach itself by its imports, type imports among them, with the way back */
export function importCycles(modules: readonly SourceModule[]): string[] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports.map(({ target }) => target)]));
  const cycles: string[] = [];
  const finished = new Set<string>();
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (trail.includes(path) || finished.has(path)) return;
    for (const target of importsOf.get(path) ?? []) walk(target, [...trail, path]);
    finished.add(path);
  };
  for (const { path } of modules) walk(path, []);
  return cycles;
}

export function globalBreaches(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, globalMembers }) =>
    globalMembers
      .filter((member) => FORBIDDEN_GLOBAL.test(member))
      .filter((member) => EVEN_IN_CLI.has(member) || folderOf(path) !== 'cli')
      // Pages read what their own server or file says.
      .filter((member) => member !== 'JSON.parse' || !PAGE_ROOM.test(path))
      .filter((member) => !GLOBAL_EXCEPTIONS[path]?.includes(member))
      .map((member) => `${path} uses ${member}.`),
  );
}

export function shapeBreaches(modules: readonly SourceModule[]): string[] {
  return modules.flatMap(({ path, usesAny, lines, imports }) => [
    ...(usesAny ? [`${path} uses any.`] : []),
    ...(lines > MOST_LINES ? [`${path} has ${lines} lines, more than ${MOST_LINES}.`] : []),
    ...(/(?:^|\/)(?:utils|helpers|types)\.tsx?$/.test(path) ? [`${path} says nothing by its name.`] : []),
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.d)?\.tsx?$/.test(path.split('/').at(-1)!) ? [] : [`${path} is not kebab-case.`]),
    ...imports
      .filter(({ target, inside }) => inside && !/\.(?:tsx?|json|css)$/.test(target))
      .map(({ target }) => `${path} imports ${target} without its extension.`),
  ]);
}

/** A flag in a text: not a custom property of CSS, nor an option within NODE_OPTIONS. */
const FLAG = /(?<![\w(=-])--[a-z][\w-]*/;
const PAGE_ROOM = /\/page\//;
const CSS_PROPERTY = /^--[a-z-]+$/;
/** Flags of other programs: `vllm run-batch --model`. */
const OTHER_FLAGS: ReadonlyMap<string, string> = new Map([['models/providers/vllm-batches.ts', '--model']]);

/** Texts below the command line that name its flags: errors and notes name options, which each face spells. */
export function flagBreaches(modules: readonly SourceModule[]): string[] {
  return modules
    .filter(({ path }) => !path.startsWith('cli/'))
    .flatMap(({ path, texts }) =>
      texts
        .filter((text) => FLAG.test(text) && !(PAGE_ROOM.test(path) && CSS_PROPERTY.test(text)))
        .filter((text) => OTHER_FLAGS.get(path) !== text)
        .map((text) => `${path} names the flag ${FLAG.exec(text)![0]}.`),
    );
}
