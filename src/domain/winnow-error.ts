import { librarySpelling, type Spelling, spellWording, type Wording } from './wording.ts';

/** What an error may be given beside its message. */
export interface ErrorOptions {
  readonly hint?: Wording | undefined;
  readonly cause?: unknown;
  readonly data?: ErrorData | undefined;
}

/** What an error is about, for programs. */
export interface ErrorData {
  /** The option at fault, as the library has it: `perQuery`. */
  readonly option?: string;
  readonly file?: string;
  /** Of the file, from 1. */
  readonly line?: number;
  /** Of a record or of winnow.yaml. */
  readonly field?: string;
  /** The most that is allowed, or for an option the least: in the unit of the option, else bytes, cells, micro-dollars. */
  readonly limit?: number;
  /** Of the configuration, where several sections have the option: `rounds.necessity`, `judge`. */
  readonly section?: string;
}

/**
 * An error the user can act on: what happened, with numbers, and what to do.
 * `code` is stable and part of the public interface; the message is not. `message` and `hint` name options as the
 * library does; `spelled` words both for another face.
 */
export class WinnowError extends Error {
  readonly code: string;
  /** What to do about it, as one or two sentences. */
  readonly hint: string | undefined;
  #data: ErrorData;
  readonly #wording: { readonly message: Wording; readonly hint: Wording | undefined };

  constructor(code: string, message: Wording, options: ErrorOptions = {}) {
    super(spellWording(message, librarySpelling), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint === undefined ? undefined : spellWording(options.hint, librarySpelling);
    this.#wording = { message, hint: options.hint };
    const named = [message, options.hint].map(firstOption).find((option) => option !== undefined);
    this.#data = { ...(named === undefined ? {} : { option: named }), ...options.data };
  }

  get data(): ErrorData {
    return this.#data;
  }

  /** Adds the section of the configuration that it is about, unless it has one. */
  inSection(section: string): this {
    this.#data = { section, ...this.#data };
    return this;
  }

  /** Message and hint as they were worded, for what goes on from them. */
  get wording(): { readonly message: Wording; readonly hint: Wording | undefined } {
    return this.#wording;
  }

  /** Message and hint as a face spells options and commands. */
  spelled(spelling: Spelling): { readonly message: string; readonly hint: string | undefined } {
    const { message, hint } = this.#wording;
    return {
      message: spellWording(message, spelling),
      hint: hint === undefined ? undefined : spellWording(hint, spelling),
    };
  }
}

function firstOption(wording: Wording | undefined): string | undefined {
  if (wording === undefined || typeof wording === 'string') return undefined;
  for (const part of wording.parts) if (typeof part !== 'string' && part.kind === 'option') return part.name;
  return undefined;
}
