import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import type { ComponentChildren } from 'preact';

/** Deeper than people nest on purpose. Anything deeper is shown as raw text. */
const DEEPEST = 12;

/**
 * Renders Markdown with a fixed list of elements and with text nodes only, so that nothing in the text can run. HTML is
 * shown as raw text, and images as links that never load by themselves.
 * @returns null if the text cannot be parsed
 */
export function renderMarkdown(text: string): ComponentChildren {
  try {
    return blocks(lexer(text, { gfm: true, breaks: true }), 0);
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
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable text must be reachable by keyboard
        <pre tabIndex={0} dir="auto">
          <code>{token.text}</code>
        </pre>
      );
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

function list({ ordered, start, items }: Tokens.List, depth: number): ComponentChildren {
  const lines = items.map((item) => <li dir="auto">{blocks(item.tokens, depth + 1)}</li>);
  return ordered ? <ol start={start === '' ? 1 : start}>{lines}</ol> : <ul>{lines}</ul>;
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
