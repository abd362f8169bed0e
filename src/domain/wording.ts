import type { ModelPrice } from './usage.ts';

/** An option or a command that a sentence names. Each face spells it in its own way. */
export interface Reference {
  readonly kind: 'option' | 'command';
  /** Of an option, as the library has it: `perQuery`. Of a command, its verb: `import`. */
  readonly name: string;
  /** What to set the option to. */
  readonly value?: ReferenceValue;
  /** Options to give the command. */
  readonly options?: readonly Reference[];
}

/** In the library's units: micro-dollars, milliseconds. */
export type ReferenceValue = string | number | boolean | ModelPrice;

/** How a face spells a reference: the command line `--per-query 4`, the library `perQuery: 4`. */
export type Spelling = (reference: Reference) => string;

/** A text that names options or commands, kept in parts until a face shows it. */
export class Sentence {
  readonly parts: readonly (string | Reference)[];

  constructor(parts: readonly (string | Reference)[]) {
    this.parts = parts;
  }

  spell(spelling: Spelling): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : spelling(part))).join('');
  }

  /** As the library spells it. */
  toString(): string {
    return this.spell(librarySpelling);
  }

  toJSON(): string {
    return this.toString();
  }
}

/** What an error, a note or advice says: a text, or a sentence that each face spells. */
export type Wording = string | Sentence;

/** ``sentence`Lower ${option('count')}.` `` */
export function sentence(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Reference | Sentence)[]
): Sentence {
  const parts = texts.flatMap((text, index) => {
    const value = values[index];
    if (value === undefined) return [text];
    if (value instanceof Sentence) return [text, ...value.parts];
    return [text, typeof value === 'object' ? value : String(value)];
  });
  return new Sentence(parts.filter((part) => part !== ''));
}

/** Names an option as the library has it, with a value to give it where there is one. */
export function option(name: string, value?: ReferenceValue): Reference {
  return { kind: 'option', name, ...(value === undefined ? {} : { value }) };
}

/** Names a command, with options to give it. */
export function command(name: string, ...options: readonly Reference[]): Reference {
  return { kind: 'command', name, ...(options.length === 0 ? {} : { options }) };
}

export function spellWording(wording: Wording, spelling: Spelling): string {
  return typeof wording === 'string' ? wording : wording.spell(spelling);
}

/** As the library has it: `perQuery`, `draft: true`, `winnow import`. */
export function librarySpelling({ kind, name, value, options = [] }: Reference): string {
  if (kind === 'option') return value === undefined ? name : `${name}: ${JSON.stringify(value)}`;
  return `winnow ${[name, ...options.map(librarySpelling)].join(' ')}`;
}
