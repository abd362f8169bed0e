import { Marked, type Token, type TokenizerExtension, type Tokens } from 'marked';

/** A formula in Markdown. */
export interface MathsToken extends Tokens.Generic {
  readonly type: 'maths';
  readonly formula: string;
  readonly isBlock: boolean;
}

export function isMaths(token: Token): token is MathsToken {
  return token.type === 'maths';
}

/** No formula is longer; without a bound, a text of dollar signs would take quadratic time. */
const LONGEST = 2000;
const BLOCK = new RegExp(String.raw`^(?:\$\$([^$]{1,${LONGEST}})\$\$|\\\[([^]{1,${LONGEST}}?)\\\])`);
/** A dollar sign before a space or after one is money, as is a second one before a digit: $5 and $6. */
const INLINE = new RegExp(
  String.raw`^(?:\$(?![\s$])((?:\\.|[^\\$\n]){1,${LONGEST}}?)(?<!\s)\$(?!\d)|\\\(([^]{1,${LONGEST}}?)\\\))`,
);

const maths: TokenizerExtension = {
  name: 'maths',
  level: 'inline',
  start(text) {
    const at = text.search(/\$|\\[([]/);
    return at === -1 ? undefined : at;
  },
  tokenizer(text): MathsToken | undefined {
    const block = BLOCK.exec(text);
    const [raw, dollars, brackets] = block ?? INLINE.exec(text) ?? [];
    if (raw === undefined) return undefined;
    return { type: 'maths', raw, formula: dollars ?? brackets ?? '', isBlock: block !== null };
  },
};

const MARKDOWN = { gfm: true, breaks: true };
const withMaths = { ...new Marked({ extensions: [maths] }).defaults, ...MARKDOWN };

/** Options for the parser of Markdown. */
export function markdownOptions(hasMaths: boolean) {
  return hasMaths ? withMaths : MARKDOWN;
}
