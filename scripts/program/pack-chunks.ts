import { isBuiltin } from 'node:module';
import type { Metafile } from 'esbuild';

/** A chunk of the bundle, by its address under dist. */
export interface BundledChunk {
  readonly name: string;
  readonly code: string;
}

/**
 * Puts the chunks into packs, by name of the pack: `start` is what `--help` needs, `common` what most commands need
 * besides. Each of the others is a pack of its own.
 * @param outputs of the bundle, by address under dist
 */
export function choosePacks(outputs: Metafile['outputs']): Record<string, string> {
  const reachedFrom = (name: string, known = new Set<string>()): Set<string> => {
    if (known.has(name)) return known;
    known.add(name);
    for (const { path, kind, external } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) reachedFrom(path, known);
    }
    return known;
  };
  const start = reachedFrom('cli/main.js');
  const commands = Object.keys(outputs)
    .filter((name) => /^src\/cli\/commands\//.test(outputs[name]!.entryPoint ?? ''))
    .map((name) => reachedFrom(name));
  const isCommon = (name: string) => commands.filter((some) => some.has(name)).length * 2 >= commands.length;
  return Object.fromEntries(
    Object.keys(outputs).map((name) => {
      if (start.has(name)) return [name, 'start.js'];
      return [name, isCommon(name) ? 'common.js' : name.replaceAll('/', '-')];
    }),
  );
}

/** Writes some chunks as one script: a function that gives each chunk's function by name. */
export function writePack(chunks: readonly BundledChunk[]): string {
  const bodies = chunks.map(
    ({ name, code }) => `${JSON.stringify(name)}(exports, require) {\n${asFunctionBody(code, name)}\n}`,
  );
  return `(function (distAddress, importModule) {\n${DEFAULT_OF}\nreturn {\n${bodies.join(',\n')}\n};\n})`;
}

/** The default export of a package, which may be a module of either kind. */
const DEFAULT_OF = `const defaultOf = (module) => module[Symbol.toStringTag] === 'Module' ? module.default : module;`;
/** What packs may require: the rest is import-only, or can become so. */
const REQUIRED_PACKAGES = ['better-sqlite3', 'fast-check', 'vitest'];
const IMPORT = /^import (?:([^;"]*?) from )?"([^"]+)";$/gm;
const EXPORT = /^export \{\n([\s\S]*?)\n\};$/gm;
const LAZY_IMPORT = /\bimport\("(\.[^"]+)"\)/g;

/**
 * Turns a module as esbuild writes it into the body of a function of `exports` and `require`. No two chunks of a bundle
 * import each other, and nothing that is exported is assigned once its module has run: exports can be set at the end.
 */
function asFunctionBody(code: string, name: string): string {
  const body = code
    .replace(/^#!.*\n/, '')
    .replaceAll(LAZY_IMPORT, (_, path: string) => `Promise.resolve().then(() => require("${addressOf(path, name)}"))`)
    .replaceAll('await import(', 'await importModule(')
    .replaceAll(IMPORT, (_, names: string | undefined, path: string) => {
      if (!path.startsWith('.') && !isBuiltin(path) && !REQUIRED_PACKAGES.includes(path)) {
        throw new Error(`${name} requires ${path}. Load it by await import('${path}').`);
      }
      const module = `require(${JSON.stringify(path.startsWith('.') ? addressOf(path, name) : path)})`;
      return names === undefined ? `${module};` : asDeclaration(names, module);
    })
    .replaceAll(EXPORT, (_, names: string) => {
      return `Object.assign(exports, { ${names.split(',').map(asProperty).join(', ')} });`;
    })
    .replace(/^export default /m, 'exports.default = ');
  const left = /^(?:import|export)\b.*|^.*[^\w.`'*{]import\(".*/m.exec(body);
  if (left !== null) throw new Error(`${name}: this cannot be put into a pack: ${left[0]}`);
  return body;
}

function addressOf(path: string, from: string): string {
  return new URL(path, `file:///${from}`).pathname.slice(1);
}

/** `a as b` of an import is `a: b` of a declaration. */
function asDeclaration(names: string, module: string): string {
  const [, byDefault, all, some] = /^(?:([\w$]+)(?:, )?)?(?:\* as ([\w$]+))?(?:\{([\s\S]*)\})?$/.exec(names) ?? [];
  const lines: string[] = [];
  if (byDefault !== undefined) lines.push(`const ${byDefault} = defaultOf(${module});`);
  if (all !== undefined) lines.push(`const ${all} = ${module};`);
  if (some !== undefined) lines.push(`const { ${some.trim().replaceAll(' as ', ': ')} } = ${module};`);
  if (lines.length === 0) throw new Error(`Unknown form of import: ${names}`);
  return lines.join('\n');
}

/** `a as b` of an export is `b: a` of an object. */
function asProperty(names: string): string {
  const [local, outer = local] = names.trim().split(' as ');
  return outer === local ? local! : `${outer}: ${local}`;
}
