import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';
import { coloredCode } from './code-text.tsx';
import { Maths } from './maths.tsx';
import { isMaths, type MathsToken, markdownOptions } from './maths-syntax.ts';

/** Deeper than people nest on purpose. Anything deeper is shown as raw text. */
const DEEPEST = 12;

/**
 * Renders Markdown with a fixed list of elements and with text nodes only, so that nothing in the text can run. HTML is
 * shown as raw text, and images as links that never load by themselves. What is left out leaves a mark: signs of emphasis
 * and headings their look, links a tooltip; backslashes, numbers of lists, names of languages and definitions of links stay.
 * @returns null if the text cannot be parsed
 */
export function renderMarkdown(text: string, { hasMaths = false } = {}): ComponentChildren {
  try {
    return blocks(lexer(text, markdownOptions(hasMaths)), 0);
  } catch {
    // The text is nested too deeply for the parser.
    return null;
  }
}

function blocks(tokens: readonly Token[], depth: number): ComponentChildren {
  return tokens.map((token) => block(token as MarkedToken, depth));
}

function block(token: MarkedToken, depth: number): ComponentChildren {
  if (depth > DEEPEST) return token.raw;
  switch (token.type) {
    case 'space':
      return null;
    case 'def':
      return <p class="mark">{token.raw.trim()}</p>;
    case 'hr':
      return <hr />;
    case 'heading':
      return heading(token, depth);
    case 'paragraph':
      return <p dir="auto">{inlines(token.tokens, depth)}</p>;
    case 'blockquote':
      return <blockquote dir="auto">{blocks(token.tokens, depth + 1)}</blockquote>;
    case 'list':
      return list(token, depth);
    case 'table':
      return table(token, depth);
    case 'code':
      return codeBlock(token);
    case 'text':
      return <span dir="auto">{token.tokens ? inlines(token.tokens, depth) : token.text}</span>;
    case 'html':
      return <pre class="raw-html">{token.raw}</pre>;
    default:
      return inline(token, depth);
  }
}

/** The page itself uses headings of the first three levels. */
function heading({ depth: level, tokens }: Tokens.Heading, depth: number): ComponentChildren {
  const content = inlines(tokens, depth);
  if (level === 1) return <h4 dir="auto">{content}</h4>;
  return level === 2 ? <h5 dir="auto">{content}</h5> : <h6 dir="auto">{content}</h6>;
}

/** The marks of the items are text: a list may start anywhere, and count as it likes. */
function list({ ordered, items, raw }: Tokens.List, depth: number): ComponentChildren {
  const dir = directionOf(raw);
  const lines = items.map((item) => (
    <li>
      <span class="marker">{ordered ? /^\s*\S+/.exec(item.raw)?.[0].trim() : '•'}</span>
      <div dir="auto">{blocks(item.tokens, depth + 1)}</div>
    </li>
  ));
  return ordered ? <ol dir={dir}>{lines}</ol> : <ul dir={dir}>{lines}</ul>;
}

/** By the first letter. A browser would not look into parts that have a direction of their own. */
function directionOf(text: string): 'rtl' | 'ltr' {
  const [letter = ''] = /\p{L}/u.exec(text) ?? [];
  return /[\p{sc=Hebr}\p{sc=Arab}\p{sc=Syrc}\p{sc=Thaa}\p{sc=Nkoo}\p{sc=Adlm}]/u.test(letter) ? 'rtl' : 'ltr';
}

/** What follows the opening fence is shown as it is written. Indented code has none. */
function codeBlock({ raw, text, codeBlockStyle }: Tokens.Code): ComponentChildren {
  const fence = codeBlockStyle === 'indented' ? null : /^\s*(?:`{3,}|~{3,})[ \t]*(.*)/.exec(raw);
  const info = fence?.[1] ?? '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
    <pre tabIndex={0} dir="auto">
      {info !== '' && <span class="mark language">{info}</span>}
      <code>{coloredCode(text, /^\S*/.exec(info)![0].toLowerCase())}</code>
    </pre>
  );
}

function table({ header, rows }: Tokens.Table, depth: number): ComponentChildren {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
    <div class="scrolls" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {header.map(({ tokens }) => (
              <th dir="auto">{inlines(tokens, depth)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {row.map(({ tokens }) => (
                <td dir="auto">{inlines(tokens, depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(tokens: readonly Token[], depth: number): ComponentChildren {
  return tokens.map((token) => inline(token as MarkedToken, depth + 1));
}

/** The indentation of the next line, because code is not always fenced. */
function indentOf(lineBreak: string): string {
  return /[\t ]*$/.exec(lineBreak)![0];
}

function inline(token: MarkedToken | MathsToken, depth: number): ComponentChildren {
  if (depth > DEEPEST) return token.raw;
  if (isMaths(token)) return <Maths key={token.raw} {...token} />;
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens, depth)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens, depth)}</em>;
    case 'del':
      return <del>{inlines(token.tokens, depth)}</del>;
    case 'codespan':
      return <code>{token.text}</code>;
    case 'br':
      return [<br key="br" />, indentOf(token.raw)];
    case 'link':
      return link(token.href, inlines(token.tokens, depth), token.raw);
    case 'image':
      return link(token.href, `Image: ${token.text || token.href}`, token.raw);
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'text':
      return token.tokens ? inlines(token.tokens, depth) : token.text;
    case 'escape':
      return [
        <span key="escape" class="mark">
          {'\\'}
        </span>,
        token.text,
      ];
    default:
      return token.raw;
  }
}

/** The link's title shows its target. An unsafe link is shown as raw text. */
function link(address: string, content: ComponentChildren, raw: string): ComponentChildren {
  const href = safeLink(address);
  if (href === undefined) return raw;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

const SAFE_PROTOCOLS = ['http:', 'https:', 'mailto:'];

/** @returns the address if following it only opens it; undefined for scripts, data, files and parts of this page */
function safeLink(address: string): string | undefined {
  try {
    const { protocol, href } = new URL(address);
    return SAFE_PROTOCOLS.includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
