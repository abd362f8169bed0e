import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
  type YAMLError,
} from 'yaml';
import { type ConfigIssue, harmless } from './config-issue.ts';

/** A parsed file that knows the line of every value. */
export interface YamlMapping {
  readonly value: Readonly<Record<string, unknown>>;
  /** The line of a path's key, or of the nearest thing above it that is in the file. */
  lineOf(path: readonly PropertyKey[]): number;
}

const MOST_CHARACTERS = 65_536;
/** No setting is deeper than five; the parser itself breaks at some hundred. */
const DEEPEST = 40;
/** Copies of anchored parts: enough to reuse a model's settings, too few to blow up. */
const MOST_ALIASES = 100;
const MOST_WORDS_OF_PARSER = 160;
/** What a float keeps of a decimal number without loss. */
const MOST_DIGITS = 15;

/** Parses one YAML 1.2 mapping. Every anchor must stand before its aliases; tags and merge keys are refused. */
export function readYaml(text: string): YamlMapping | { readonly issues: readonly ConfigIssue[] } {
  const unfit = unfitText(text);
  if (unfit) return { issues: [unfit] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    merge: false,
    logLevel: 'error',
  });
  const lineAt = (offset: number) => lines.linePos(Math.min(offset, text.length)).line;
  const broken = document.errors.map((error) => ({ line: lineAt(error.pos[0]), message: syntaxProblem(error, text) }));
  // What follows from a broken line would only mislead.
  if (broken.length > 0) return { issues: broken.filter(isFirstOfItsLine) };
  const unwanted = unwantedNodes(document, lineAt);
  if (unwanted.length > 0) return { issues: unwanted };
  if (!isMap(document.contents)) {
    const found = document.contents === null ? 'is empty' : 'contains no mapping';
    return { issues: [{ line: 1, message: `the file ${found}; it must be a mapping of keys to values` }] };
  }
  try {
    const value = document.toJS({ maxAliasCount: MOST_ALIASES }) as Record<string, unknown>;
    return { value, lineOf: (path) => lineAt(offsetOf(document, path)) };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { issues: [{ line: 1, message: `aliases make more than ${MOST_ALIASES} copies; write them out` }] };
  }
}

/** What must be known before parsing, which deep nesting or size would break. */
function unfitText(text: string): ConfigIssue | undefined {
  if (text.length > MOST_CHARACTERS) {
    return { line: 1, message: `the file has ${text.length} characters; it must have at most ${MOST_CHARACTERS}` };
  }
  let [line, open, onLine] = [1, 0, 0];
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') open++;
    else if (token === ']' || token === '}') open = Math.max(0, open - 1);
    else if (open === 0 && (token === '-' || token === '?' || token === ':')) onLine++;
    if (token === '\n') [line, onLine] = [line + 1, 0];
    else line += token.split('\n').length - 1;
    if (open > DEEPEST || onLine > DEEPEST)
      return { line, message: `values are nested more than ${DEEPEST} levels deep` };
  }
  return undefined;
}

function syntaxProblem({ code, message, pos }: YAMLError, text: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'tabs are not allowed here; indent with spaces';
    case 'DUPLICATE_KEY':
      return `the key ${harmless(/^[^:\n]*/.exec(text.slice(pos[0]))![0])} is given twice; keep one of them`;
    case 'MULTIPLE_DOCS':
      return 'a second document starts here (---); only one is allowed';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'the line is not valid YAML: a second ": " on it, or wrong indentation; quote values that contain ": "';
    default:
      return `the line is not valid YAML: ${harmless(message, MOST_WORDS_OF_PARSER)}`;
  }
}

function isFirstOfItsLine({ line }: ConfigIssue, index: number, all: readonly ConfigIssue[]): boolean {
  return all.findIndex((other) => other.line === line) === index;
}

function unwantedNodes(document: Document.Parsed, lineAt: (offset: number) => number): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const anchors = new Set<string>();
  visit(document, {
    Node(key, node, ancestors) {
      const problem = isAlias(node) ? aliasProblem(node, anchors, ancestors) : nodeProblem(node, key === 'key');
      if (!isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
      if (problem !== undefined) issues.push({ line: lineAt(node.range?.[0] ?? 0), message: problem });
    },
  });
  return issues;
}

function aliasProblem({ source }: Alias, anchors: ReadonlySet<string>, around: readonly unknown[]): string | undefined {
  const name = harmless(source);
  if (!anchors.has(source)) return `there is no anchor &${name} before the alias *${name}`;
  const endless = around.some((node) => isNode(node) && !isAlias(node) && node.anchor === source);
  return endless ? `the alias *${name} is inside its own anchor` : undefined;
}

function nodeProblem(node: Node, isKey: boolean): string | undefined {
  if (node.tag !== undefined)
    return `the tag ${harmless(node.tag.replace(/^tag:yaml\.org,2002:/, '!!'))} is not supported; remove it`;
  if (!isScalar(node)) return isKey ? 'a list or mapping is used as a key' : undefined;
  if (isKey && node.value === '<<') return 'merge keys (<<) are not supported; write the keys out';
  if (isKey && node.value === '__proto__') return 'unknown key "__proto__"';
  return typeof node.value === 'string' ? textProblem(node.value) : numberProblem(node);
}

function textProblem(text: string): string | undefined {
  const unwanted = /(?![\t\n\r])[\p{Cc}\p{Cs}]/u.exec(text)?.[0];
  if (unwanted === undefined) return undefined;
  return `the text contains the character U+${unwanted.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}; remove it`;
}

function numberProblem({ value, source }: Scalar): string | undefined {
  if (typeof value !== 'number' || source === undefined || /^[-+]?0[xo]/.test(source)) return undefined;
  const digits = source.replace(/e.*$/i, '').replace(/\D/g, '').replace(/^0+/, '').length;
  return digits > MOST_DIGITS ? `a number has ${digits} digits; it must have at most ${MOST_DIGITS}` : undefined;
}

function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  let node: ParsedNode | null | undefined = document.contents;
  let offset = node?.range[0] ?? 0;
  for (const step of path) {
    const target: unknown = isAlias(node) ? node.resolve(document) : node;
    if (isMap<ParsedNode, ParsedNode | null>(target)) {
      const pair = target.items.find(({ key }) => isScalar(key) && String(key.value ?? '') === String(step));
      if (!pair) return offset;
      offset = pair.key.range[0];
      node = pair.value;
    } else if (isSeq<ParsedNode>(target)) {
      node = target.items[Number(step)];
      if (!node) return offset;
      offset = node.range[0];
    }
  }
  return offset;
}
