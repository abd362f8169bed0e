import type { JsonValue } from '../domain/json-value.ts';
import type { PersonalDataFindings } from '../domain/pool.ts';
import type { InstructionDraft } from './parse-record.ts';
import { findPersonalData, PERSONAL_DATA_KINDS, type PersonalDataKind } from './personal-data.ts';
import type { PersonalDataChoice } from './reading-options.ts';

const PLACEHOLDERS: Readonly<Record<PersonalDataKind, string>> = {
  'e-mail': 'EMAIL',
  phone: 'PHONE',
  card: 'CARD',
  IBAN: 'IBAN',
  key: 'KEY',
  IP: 'IP',
};
const PLACEHOLDER = /\[(EMAIL|PHONE|CARD|IBAN|KEY|IP)_(\d{1,9})\]/g;

/**
 * Looks for personal data in items as they are read, before anything else sees them. Masked items hold placeholders, such
 * as [EMAIL_1], in every text: request, conversation, response, fields, the record and its id. The same value has the same
 * placeholder in everything that is read together. The originals are kept nowhere.
 */
export class PersonalDataGate {
  readonly #choice: PersonalDataChoice;
  readonly #placeholders: Map<string, string>;
  readonly #numbers: Map<PersonalDataKind, number>;
  readonly #counts = new Map<
    PersonalDataKind,
    { items: number; findings: number; values: Set<string>; firstLine: string }
  >();

  /** @param earlier whose placeholders stand for the same values here */
  constructor(choice: PersonalDataChoice, earlier?: PersonalDataGate) {
    this.#choice = choice;
    this.#placeholders = earlier === undefined ? new Map() : earlier.#placeholders;
    this.#numbers = earlier === undefined ? new Map() : earlier.#numbers;
  }

  /** The item as it may go on; undefined where it must not. @param place for the report: "pool.jsonl:3" */
  pass(draft: InstructionDraft, place: string): InstructionDraft | undefined {
    const { kinds, value } = this.#look(draft);
    for (const [kind, values] of kinds) {
      const count = this.#counts.get(kind) ?? { items: 0, findings: 0, values: new Set<string>(), firstLine: place };
      this.#counts.set(kind, count);
      count.items += 1;
      count.findings += values.length;
      for (const one of values) count.values.add(one);
    }
    if (kinds.size === 0 || this.#choice === 'report') return draft;
    return this.#choice === 'exclude' ? undefined : value;
  }

  /** A text that comes later, such as a response from another file. */
  text(text: string): string {
    return this.#choice === 'mask' ? this.#look(text).value : text;
  }

  /** Placeholders that are used already, by earlier files, are not used again. */
  startAfter(texts: Iterable<string>): void {
    for (const text of texts) {
      for (const [, name, number] of text.matchAll(PLACEHOLDER)) {
        const kind = PERSONAL_DATA_KINDS.find((one) => PLACEHOLDERS[one] === name)!;
        this.#numbers.set(kind, Math.max(this.#numbers.get(kind) ?? 0, Number(number)));
      }
    }
  }

  findings(): PersonalDataFindings {
    return {
      choice: this.#choice,
      kinds: PERSONAL_DATA_KINDS.flatMap((kind) => {
        const count = this.#counts.get(kind);
        return count === undefined
          ? []
          : [{ kind, items: count.items, findings: count.findings, values: count.values.size, first: count.firstLine }];
      }),
    };
  }

  /** Values of a draft by kind, each where it was found first, and the draft with placeholders. */
  #look<T>(given: T): { readonly kinds: ReadonlyMap<PersonalDataKind, string[]>; readonly value: T } {
    const kinds = new Map<PersonalDataKind, string[]>();
    // The record repeats the texts of the item; each value counts once.
    const seen = new Set<string>();
    const visit = (value: unknown): unknown => {
      if (typeof value === 'string') return this.#replaced(value, kinds, seen);
      if (Array.isArray(value)) return value.map(visit);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value as Readonly<Record<string, JsonValue>>).map(([key, inner]) => [key, visit(inner)]),
      );
    };
    return { value: visit(given) as T, kinds };
  }

  #replaced(text: string, kinds: Map<PersonalDataKind, string[]>, seen: Set<string>): string {
    const found = findPersonalData(text);
    if (found.length === 0) return text;
    let [replaced, done] = ['', 0];
    for (const { kind, start, end } of found) {
      const original = text.slice(start, end);
      const value = `${kind} ${kind === 'e-mail' ? original.toLowerCase() : original.replaceAll(/[^\p{L}\p{N}+]/gu, '')}`;
      if (!seen.has(value)) kinds.set(kind, [...(kinds.get(kind) ?? []), value]);
      seen.add(value);
      replaced += text.slice(done, start) + this.#placeholderOf(kind, value);
      done = end;
    }
    return replaced + text.slice(done);
  }

  #placeholderOf(kind: PersonalDataKind, value: string): string {
    const known = this.#placeholders.get(value);
    if (known !== undefined) return known;
    const number = (this.#numbers.get(kind) ?? 0) + 1;
    this.#numbers.set(kind, number);
    const made = `[${PLACEHOLDERS[kind]}_${number}]`;
    this.#placeholders.set(value, made);
    return made;
  }
}
