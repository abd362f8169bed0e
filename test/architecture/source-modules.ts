import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vitest/node';

/** A file of src/ as the architecture rules see it. Paths are relative to src/, with forward slashes. */
export interface SourceModule {
  readonly path: string;
  readonly imports: readonly ModuleImport[];
  /** `object.member` for every member taken of `process`, `console`, `Math`, `Date` and `JSON`. */
  readonly globalMembers: readonly string[];
  /** The names of all methods that are called. */
  readonly calls: readonly string[];
  readonly usesAny: boolean;
  /** Strings, parts of templates and texts of pages, without comments. */
  readonly texts: readonly string[];
  readonly lines: number;
}

export interface ModuleImport {
  /** A path in src/, or the name of a package. */
  readonly target: string;
  readonly inside: boolean;
  readonly typeOnly: boolean;
}

interface SyntaxNode {
  readonly type: string;
  readonly [key: string]: unknown;
}

const SOURCE_FOLDER = fileURLToPath(new URL('../../src/', import.meta.url));
const WATCHED_GLOBALS = ['process', 'console', 'Math', 'Date', 'JSON'];

export function readSourceModules(): SourceModule[] {
  return readdirSync(SOURCE_FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => name.replaceAll('\\', '/'))
    .sort()
    .map((path) => parseModule(path, sourceOf(path)));
}

export function sourceOf(path: string): string {
  return readFileSync(join(SOURCE_FOLDER, path), 'utf8');
}

/** Reads the syntax tree, so that neither a comment nor a string is taken for an import. */
export function parseModule(path: string, text: string): SourceModule {
  const imports: ModuleImport[] = [];
  const globalMembers: string[] = [];
  const texts: string[] = [];
  const calls: string[] = [];
  let usesAny = false;
  for (const node of syntaxNodes(
    parseAst(text, { lang: path.endsWith('.tsx') ? 'tsx' : 'ts' }) as unknown as SyntaxNode,
  )) {
    const source = node.source as SyntaxNode | null | undefined;
    if (typeof source?.value === 'string') imports.push(resolveImport(path, source.value, isTypeOnly(node)));
    if (node.type === 'TSAnyKeyword') usesAny = true;
    const text = textOf(node);
    if (text !== undefined) texts.push(text);
    const member = globalMember(node);
    if (member !== undefined) globalMembers.push(...member);
    const called = calledMethod(node);
    if (called !== undefined) calls.push(called);
  }
  return { path, imports, globalMembers, calls, usesAny, texts, lines: text.trimEnd().split('\n').length };
}

function calledMethod({ type, callee }: SyntaxNode): string | undefined {
  const { type: kind, property } = (callee ?? {}) as { type?: string; property?: { name?: string } };
  return type === 'CallExpression' && kind === 'MemberExpression' ? property?.name : undefined;
}

function textOf({ type, value }: SyntaxNode): string | undefined {
  if (type === 'TemplateElement') return (value as { readonly cooked: string | null }).cooked ?? undefined;
  return (type === 'Literal' || type === 'JSXText') && typeof value === 'string' ? value : undefined;
}

function* syntaxNodes(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && 'type' in child) yield* syntaxNodes(child as SyntaxNode);
    }
  }
}

function resolveImport(path: string, specifier: string, typeOnly: boolean): ModuleImport {
  const inside = specifier.startsWith('.');
  return { target: inside ? posix.join(posix.dirname(path), specifier) : specifier, inside, typeOnly };
}

function isTypeOnly(node: SyntaxNode): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = (node.specifiers ?? []) as readonly SyntaxNode[];
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type');
}

/** `process.exit` and `const { exit } = process` alike. */
function globalMember(node: SyntaxNode): string[] | undefined {
  const watched = (value: unknown) => {
    const { type, name } = (value ?? {}) as { type?: string; name?: string };
    return type === 'Identifier' && WATCHED_GLOBALS.includes(name!) ? name : undefined;
  };
  if (node.type === 'MemberExpression' && watched(node.object)) {
    return [`${watched(node.object)}.${(node.property as { name?: string }).name}`];
  }
  const pattern = node.id as SyntaxNode | undefined;
  if (node.type === 'VariableDeclarator' && pattern?.type === 'ObjectPattern' && watched(node.init)) {
    const properties = pattern.properties as readonly { key?: { name?: string } }[];
    return properties.map(({ key }) => `${watched(node.init)}.${key?.name}`);
  }
  return undefined;
}
