/** What XML 1.0 has no place for, and marks that turn the direction of the text around them. */
const IMPOSSIBLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069\u200E\u200F]/gu;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Anybody's text as XML shows it, in content and in attributes. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(IMPOSSIBLE, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/** An element; attributes are escaped and, where undefined, left out; children are markup already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(typeof value === 'number' ? shortNumber(value) : value)}"`],
  );
  const content = children.join('');
  return content === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${content}</${name}>`;
}

/** A text element; the text is escaped. */
export function textElement(text: string, attributes: Attributes): string {
  return element('text', attributes, escapeXml(text));
}

function shortNumber(value: number): string {
  return String(Math.round(value * 100) / 100);
}
