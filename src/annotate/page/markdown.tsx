import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';

/** Deeper than anybody nests on purpose: what is deeper is shown as it is written. */
const DEEPEST = 12;

/**
 * Markdown as elements: tokens become elements of a fixed list, and every text a text node, so that nothing in it can
 * act. HTML is shown as it is written, images as links that are not followed by themselves.
 * @returns null where it cannot be read as Markdown
 */
export function renderMarkdown(text: string): ComponentChildren {
  try {
    return blocks(lexer(text, { gfm: true, breaks: true }), 0);
  } catch {
    // Nested too deeply for the parser.
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
    case 'def':
      return null;
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
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
        <pre tabIndex={0} dir="auto">
          <code>{token.text}</code>
        </pre>
      );
    case 'text':
      return <span dir="auto">{token.tokens ? inlines(token.tokens, depth) : token.text}</span>;
    case 'html':
      return <pre class="as-written">{token.raw}</pre>;
    default:
      return inline(token, depth);
  }
}

/** The page's own headings go down to the third level. */
function heading({ depth: level, tokens }: Tokens.Heading, depth: number): ComponentChildren {
  const content = inlines(tokens, depth);
  if (level === 1) return <h4 dir="auto">{content}</h4>;
  return level === 2 ? <h5 dir="auto">{content}</h5> : <h6 dir="auto">{content}</h6>;
}

function list({ ordered, start, items }: Tokens.List, depth: number): ComponentChildren {
  const lines = items.map((item) => <li dir="auto">{blocks(item.tokens, depth + 1)}</li>);
  return ordered ? <ol start={start === '' ? 1 : start}>{lines}</ol> : <ul>{lines}</ul>;
}

function table({ header, rows }: Tokens.Table, depth: number): ComponentChildren {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
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

/** What the next line begins with: code that nobody fenced is code all the same. */
function indentOf(lineBreak: string): string {
  return /[\t ]*$/.exec(lineBreak)![0];
}

function inline(token: MarkedToken, depth: number): ComponentChildren {
  if (depth > DEEPEST) return token.raw;
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
      return token.text;
    default:
      return token.raw;
  }
}

/** Where it leads can be seen before it is followed; what must not be followed is shown as it is written. */
function link(address: string, content: ComponentChildren, raw: string): ComponentChildren {
  const href = safeLink(address);
  if (href === undefined) return raw;
  return (
    <a href={href} title={href} target="_blank" rel="noopener noreferrer">
      {content}
    </a>
  );
}

const HARMLESS = ['http:', 'https:', 'mailto:'];

/** @returns the address where following it can do nothing but open it; undefined for scripts, data, files and parts of this page */
export function safeLink(address: string): string | undefined {
  try {
    const { protocol, href } = new URL(address);
    return HARMLESS.includes(protocol) ? href : undefined;
  } catch {
    return undefined;
  }
}
