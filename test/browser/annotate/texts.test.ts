import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { type ComponentChildren, isValidElement, type VNode } from 'preact';
import { describe, expect, it } from 'vitest';
import { textParts } from '../../../src/annotate/page/code-pieces.ts';
import { renderMarkdown } from '../../../src/annotate/page/markdown.tsx';
import { visibleText } from '../../../src/annotate/page/visible-text.ts';
import { WrittenText } from '../../../src/annotate/page/written-text.tsx';
import { readPool } from '../../../src/records/read-pool.ts';

/** The visible text. Formulas are read as written: only a browser lays them out. */
function readable(children: ComponentChildren): string {
  if (Array.isArray(children)) return children.map(readable).join('');
  if (isValidElement(children)) {
    const { type, props } = children as VNode<{ children?: ComponentChildren; raw?: string; start?: number }>;
    if (typeof type === 'function') return props.raw ?? '';
    return type === 'br' ? '\n' : readable(props.children);
  }
  return typeof children === 'string' ? children : '';
}

const written = (text: string) => readable(WrittenText({ text }));

const MARKED = fc
  .array(
    fc.constantFrom(
      ...['a', 'b', '1', '2', ' ', ' ', '\n', '\n\n', '*', '**', '_', '`', '```', '```python\n', '~~~', '~', '#'],
      ...[
        '# ',
        '> ',
        '- ',
        '1. ',
        '7) ',
        '\\',
        '\\*',
        '|',
        '---',
        '===',
        '    ',
        '$',
        '<b>',
        '</b>',
        '&amp;',
        'é',
        '好',
      ],
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(''));

describe('a text as written', () => {
  it.each(['2*3*4', '__init__', '\\$55', '`x`', 'Title\n===\n', '1. a\n1. b', '  indented', '<b>', '&amp;', '[a](b)'])(
    'is %j',
    (text) => expect(written(text)).toBe(text),
  );

  it('is the text, character by character, code in colors too', () => {
    fc.assert(
      fc.property(fc.oneof(MARKED, fc.string({ unit: 'binary' })), (text) => {
        expect(written(text)).toBe(text);
      }),
    );
    const code = 'Fix:\n```python\ndef f(x):\n    return "x"  # why\n```\nNow.';
    expect(written(code)).toBe(code);
    expect(JSON.stringify(WrittenText({ text: code }))).toContain('hljs-keyword');
  });

  it('finds code between fences that fit each other', () => {
    const codes = (text: string) => textParts(text).flatMap((part) => (part.kind === 'code' ? [part.code] : []));
    expect(codes('````\n```\na\n```\n````\n')).toEqual(['```\na\n```\n']);
    expect(codes('~~~ js\na\n```\n~~~')).toEqual(['a\n```\n']);
    expect(codes('``` not `a` fence\n')).toEqual([]);
    expect(codes('```\nno end')).toEqual(['no end']);
    expect(codes('    ```\nindented')).toEqual([]);
    expect(textParts('```C++ title\nx\n```')).toEqual([
      { kind: 'code', open: '```C++ title\n', language: 'c++', code: 'x\n', close: '```' },
    ]);
  });

  const T0 = fileURLToPath(new URL('../../../../shared/data/t0-50k.jsonl.gz', import.meta.url));
  it.skipIf(!existsSync(T0))('is the text for 20,000 texts of T0 and their responses', async () => {
    const { instructions } = await readPool([T0]);
    const changed = instructions.slice(0, 20_000).filter(({ instruction, record }) => {
      return [instruction, String(record.output)].some((text) => written(visibleText(text)) !== visibleText(text));
    });
    expect(changed).toEqual([]);
  });
});

describe('a text as Markdown', () => {
  it('keeps the indentation of code that is not fenced', () => {
    const code = 'def common(a, b):\n    result = []\n    for x in a:\n\tif x in b:\n        result.append(x)';
    expect(readable(renderMarkdown(code))).toBe(code);
  });

  it.each([
    ['3. c\n3. d', '3.c3.d'],
    ['7) c', '7)c'],
    ['\\$55 and \\*', '\\$55 and \\*'],
    ['```python\nx\n```', 'pythonx'],
    ['[a]: http://a.example "t"', '[a]: http://a.example "t"'],
    ['<!-- hidden -->', '<!-- hidden -->'],
  ])('shows %j as %j', (text, shown) => expect(readable(renderMarkdown(text))).toBe(shown));

  it('leaves out no letter, digit or backslash', () => {
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}\\]/gu, '');
    fc.assert(
      fc.property(MARKED, (text) => {
        expect(letters(readable(renderMarkdown(text)))).toBe(letters(text));
      }),
      { numRuns: 500 },
    );
  });

  it('has formulas only with maths, and none in prices', () => {
    const formulas = (text: string, hasMaths = true) => {
      const found: string[] = [];
      const walk = (children: ComponentChildren): void => {
        if (Array.isArray(children)) children.forEach(walk);
        if (!isValidElement(children)) return;
        const { type, props } = children as VNode<{
          children?: ComponentChildren;
          formula?: string;
          isBlock?: boolean;
        }>;
        if (typeof type === 'function') found.push(`${props.isBlock ? 'block ' : ''}${props.formula}`);
        walk(props.children);
      };
      walk(renderMarkdown(text, { hasMaths }));
      return found;
    };
    expect(formulas('Let $x^2$ be \\(y\\).\n\n$$\nz_1\n$$ or \\[w\\]')).toEqual([
      'x^2',
      'y',
      'block \nz_1\n',
      'block w',
    ]);
    expect(formulas('It costs $5 and then $6, or US$7 to $8.')).toEqual([]);
    expect(formulas('Let $x^2$ be.', false)).toEqual([]);
    expect(formulas('$'.repeat(20_000))).toEqual([]);
  });
});

describe('an invisible character', () => {
  it.each([
    ['pass\u200bword', 'pass[U+200B]word'],
    ['pass\u200cword', 'pass[U+200C]word'],
    ['a\u00adb', 'a[U+00AD]b'],
    ['\ufefftext', '[U+FEFF]text'],
    ['\u200fleft', '[U+200F]left'],
    ['a\u2028b', 'a[U+2028]b'],
    ['hi\u{e0041}\u{e007f}', 'hi[U+E0041][U+E007F]'],
    ['a\ufe01\ufe02', 'a[U+FE01][U+FE02]'],
    ['\u3164', '[U+3164]'],
    ['\u2066x\u2069', '[U+2066]x[U+2069]'],
  ])('of %j is shown', (text, shown) => expect(visibleText(text)).toBe(shown));

  it.each([
    'می\u200cخواهم',
    'क्\u200dष',
    '👩\u200d🚀',
    '❤\ufe0f',
    '1\ufe0f\u20e3',
    '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}',
    '葛\u{e0100}',
    'שלום',
    'ü',
    'a b',
  ])('stays where it belongs to %j', (text) => expect(visibleText(text)).toBe(text));
});
