import { identityText } from '../domain/conversation.ts';
import { type Instruction, type SourceLocation, textHash } from '../domain/instruction.ts';
import type { BadRecord, FileReading, Pool } from '../domain/pool.ts';
import type { InstructionDraft } from './parse-record.ts';
import type { PersonalDataGate } from './personal-data-gate.ts';

/** How many bad records are kept as examples. */
const BAD_RECORDS_KEPT = 5;
const HASH_DIGITS_IN_ID = 12;
const HASH_DIGITS_IN_SUFFIX = 8;

/** What makes two records the same: their instruction and input, or these and their response. */
export type SameBy = 'instruction' | 'pair';

/**
 * Collects records into a pool: merges those of the same text into the first, gives every instruction
 * an id of its own. Texts are compared by hash, so that none is held twice. O(1) a record.
 */
export class PoolBuilder {
  readonly #sameBy: SameBy;
  readonly #instructions: Instruction[] = [];
  readonly #positionOfRow: number[] = [];
  readonly #positionOfHash = new Map<string, number>();
  readonly #ids = new Set<string>();
  readonly #mergedIds = new Map<string, number>();
  readonly #badRecords: BadRecord[] = [];
  #repeatedIds = 0;
  #badRecordCount = 0;
  readonly #readings: FileReading[] = [];

  readonly #gate: PersonalDataGate | undefined;

  constructor(sameBy: SameBy = 'instruction', gate?: PersonalDataGate) {
    this.#sameBy = sameBy;
    this.#gate = gate;
  }

  /** Records so far, bad ones included. */
  get recordCount(): number {
    return this.#positionOfRow.length + this.#badRecordCount;
  }

  /**
   * Adds a record, whose draft becomes the instruction; if its text is there already, only the row is noted.
   * @returns the draft as it was added, masked; undefined where it was left out for its personal data
   */
  add(given: InstructionDraft, source: SourceLocation): InstructionDraft | undefined {
    const draft = this.#gate === undefined ? given : this.#gate.pass(given, `${source.file}:${source.line}`);
    if (draft === undefined) return undefined;
    const { id } = draft;
    const textOnly = textHash(identityText(draft));
    const hash =
      this.#sameBy === 'pair' && draft.output !== undefined
        ? textHash(JSON.stringify([textOnly, draft.output]))
        : textOnly;
    let position = this.#positionOfHash.get(hash);
    if (position === undefined) {
      position = this.#instructions.length;
      this.#positionOfHash.set(hash, position);
      this.#instructions.push(placed(draft, this.#claimId(id, textOnly, hash), source));
    } else if (id !== undefined && id !== this.#instructions[position]!.id && !this.#mergedIds.has(id)) {
      this.#mergedIds.set(id, position);
    }
    this.#positionOfRow.push(position);
    return draft;
  }

  /** How responses are added by id: a response that is there already stays. Tells whether there is such an id. */
  answering(): (id: string, output: string) => boolean {
    const positions = new Map(this.#instructions.map(({ id }, position) => [id, position]));
    return (id, output) => {
      const position = positions.get(id) ?? this.#mergedIds.get(id);
      if (position === undefined) return false;
      const item = this.#instructions[position]!;
      if (item.output === undefined) {
        this.#instructions[position] = { ...item, output: this.#gate?.text(output) ?? output };
      }
      return true;
    };
  }

  addBad(bad: BadRecord): void {
    this.#badRecordCount += 1;
    if (this.#badRecords.length < BAD_RECORDS_KEPT) this.#badRecords.push(bad);
  }

  /** Keeps what was seen in a file. */
  addReading(reading: FileReading): void {
    this.#readings.push(reading);
  }

  build(): Pool {
    return {
      instructions: this.#instructions,
      positionOfRow: Int32Array.from(this.#positionOfRow),
      exactDuplicates: this.#positionOfRow.length - this.#instructions.length,
      mergedIds: this.#mergedIds,
      repeatedIds: this.#repeatedIds,
      badRecordCount: this.#badRecordCount,
      badRecords: this.#badRecords,
      readings: this.#readings,
      ...(this.#gate ? { personalData: this.#gate.findings() } : {}),
    };
  }

  #claimId(own: string | undefined, textOnly: string, hash: string): string {
    let id = own ?? `it_${textOnly.slice(0, HASH_DIGITS_IN_ID)}`;
    if (this.#isNewId(id)) return id;
    this.#repeatedIds += 1;
    // Usually once; again only where a record's own id looks like one of ours.
    do id += `#${hash.slice(0, HASH_DIGITS_IN_SUFFIX)}`;
    while (!this.#isNewId(id));
    return id;
  }

  /** Takes the id, if it is free. */
  #isNewId(id: string): boolean {
    const before = this.#ids.size;
    return this.#ids.add(id).size > before;
  }
}

/** The draft itself, which becomes the instruction: a copy of each would cost a tenth of the time of reading. */
function placed(draft: InstructionDraft, id: string, source: SourceLocation): Instruction {
  return Object.assign(draft, { id, source });
}
