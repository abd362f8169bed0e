/** A part of a text: plain, or code between fences. The parts of a text make the text again. */
export type TextPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'code';
      /** The line of the opening fence, with its line end. */
      readonly open: string;
      /** As the fence names it, in lower case; empty where it names none. */
      readonly language: string;
      readonly code: string;
      /** The line of the closing fence, with its line end; empty where the text ends before it. */
      readonly close: string;
    };

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n`]*$/;

/** Finds code between fences, as in Markdown: ``` or ~~~, closed by a fence of the same sign that is as long. O(length). */
export function textParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  const lines = text.match(/[^\n]*\n|[^\n]+/g) ?? [];
  let plain = '';
  for (let line = 0; line < lines.length; ) {
    const [, fence, language = ''] = FENCE.exec(lines[line]!.replace('\n', '')) ?? [];
    const open = lines[line]!;
    line += 1;
    if (fence === undefined) {
      plain += open;
      continue;
    }
    let code = '';
    while (line < lines.length && !closes(lines[line]!, fence)) {
      code += lines[line]!;
      line += 1;
    }
    const close = lines[line] ?? '';
    line += 1;
    if (plain !== '') parts.push({ kind: 'text', text: plain });
    plain = '';
    parts.push({ kind: 'code', open, language: language.toLowerCase(), code, close });
  }
  if (plain !== '') parts.push({ kind: 'text', text: plain });
  return parts;
}

function closes(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= fence.length && trimmed === fence[0]!.repeat(trimmed.length) && /^ {0,3}\S/.test(line);
}
