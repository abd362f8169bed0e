import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { identityText } from '../domain/conversation.ts';
import { type Instruction, type SourceLocation, textHash } from '../domain/instruction.ts';
import type { BadRecord, FileReading, Pool } from '../domain/pool.ts';
import type { InstructionDraft } from './parse-record.ts';
import type { PersonalDataGate } from './personal-data-gate.ts';
import { ItemShards } from './shards/item-shards.ts';
import { ID_KEY_BYTES, idKey, KeyIndex } from './shards/key-index.ts';
import { type PackedInstruction, packInstruction, unpackInstruction } from './shards/packed-instruction.ts';

/** How many bad records are kept as examples. */
const BAD_RECORDS_KEPT = 5;
const HASH_DIGITS_IN_ID = 12;
const HASH_DIGITS_IN_SUFFIX = 8;

const HASH_BYTES = 32;
const BYTES_PER_ROW = 4;
const CHARACTERS_HASHED_AT_ONCE = 16 * 1024;

/** What makes two records the same: their instruction and input, or these and their response. */
export type SameBy = 'instruction' | 'pair';

export interface PoolBuilderOptions {
  /** Default `instruction`. */
  readonly sameBy?: SameBy | undefined;
  readonly gate?: PersonalDataGate | undefined;
  /** Where a pool that does not fit into memory is held while it is used. Default: the system's temporary folder. */
  readonly shardFolder?: (() => string) | undefined;
  /** For tests: see `ItemShardsOptions`. */
  readonly keptBytes?: number | undefined;
}

/**
 * Collects records into a pool: merges those of the same text into the first, gives every instruction
 * an id of its own. Texts and ids are compared by their hashes; the items themselves are on the disk where they are too
 * many for memory. O(1) a record; some 100 bytes of memory for each.
 */
export class PoolBuilder {
  readonly #sameBy: SameBy;
  readonly #instructions: ItemShards<Instruction, PackedInstruction>;
  readonly #positionOfRow: number[] = [];
  /** By position: what makes the item the same as another, and its id. */
  readonly #hashes = new KeyIndex(HASH_BYTES);
  readonly #ids = new KeyIndex(ID_KEY_BYTES);
  readonly #idKey = new Uint8Array(ID_KEY_BYTES);
  readonly #mergedIds = new Map<string, number>();
  readonly #badRecords: BadRecord[] = [];
  readonly #digest = createHash('sha256');
  /** What is still to be hashed. */
  #notes = '';
  #hasConversations = false;
  #repeatedIds = 0;
  #badRecordCount = 0;
  readonly #readings: FileReading[] = [];

  readonly #gate: PersonalDataGate | undefined;

  constructor({ sameBy = 'instruction', gate, shardFolder = tmpdir, keptBytes }: PoolBuilderOptions = {}) {
    this.#sameBy = sameBy;
    this.#gate = gate;
    this.#instructions = new ItemShards(
      { pack: packInstruction, unpack: unpackInstruction },
      { folder: shardFolder, ...(keptBytes === undefined ? {} : { keptBytes }) },
    );
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
    const position = this.#hashes.numberOf(Buffer.from(hash, 'hex'));
    if (position === this.#instructions.length) {
      const ownId = this.#claimId(id, textOnly, hash);
      this.#note(`${JSON.stringify([ownId, textOnly])}\n`);
      if (draft.conversation !== undefined) this.#hasConversations = true;
      this.#instructions.push(placed(draft, ownId, source));
    } else if (id !== undefined && this.#ids.find(idKey(id)) !== position && !this.#mergedIds.has(id)) {
      this.#mergedIds.set(id, position);
    }
    this.#positionOfRow.push(position);
    return draft;
  }

  /** How responses are added by id: a response that is there already stays. Tells whether there is such an id. */
  answering(): (id: string, output: string) => boolean {
    return (id, output) => {
      const own = this.#ids.find(idKey(id));
      const position = own === -1 ? this.#mergedIds.get(id) : own;
      if (position === undefined) return false;
      const item = this.#instructions.at(position);
      if (item.output === undefined) {
        this.#instructions.replace(position, { ...item, output: this.#gate?.text(output) ?? output });
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
    const positionOfRow = Int32Array.from(this.#positionOfRow);
    return {
      instructions: this.#instructions.list(),
      positionOfRow,
      exactDuplicates: positionOfRow.length - this.#instructions.length,
      mergedIds: this.#mergedIds,
      repeatedIds: this.#repeatedIds,
      badRecordCount: this.#badRecordCount,
      badRecords: this.#badRecords,
      readings: this.#readings,
      hasConversations: this.#hasConversations,
      fingerprint: this.#fingerprint(positionOfRow),
      ...(this.#gate ? { personalData: this.#gate.findings() } : {}),
    };
  }

  /** Hashes in pieces: a call for each item would take longer than the hash. */
  #note(text: string): void {
    this.#notes += text;
    if (this.#notes.length < CHARACTERS_HASHED_AT_ONCE) return;
    this.#digest.update(this.#notes);
    this.#notes = '';
  }

  /** Of ids and texts in order, the ids of merged records, and rows. SHA-256, hex. */
  #fingerprint(positionOfRow: Int32Array): string {
    const rows = Buffer.alloc(positionOfRow.length * BYTES_PER_ROW);
    for (const [row, position] of positionOfRow.entries()) rows.writeInt32LE(position, row * BYTES_PER_ROW);
    const digest = this.#digest.copy().update(this.#notes);
    digest.update(`${JSON.stringify([...this.#mergedIds])}\n`);
    return digest.update(rows).digest('hex');
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
    return this.#ids.numberOf(idKey(id, this.#idKey)) === before;
  }
}

/** The draft itself, which becomes the instruction: a copy of each would cost a tenth of the time of reading. */
function placed(draft: InstructionDraft, id: string, source: SourceLocation): Instruction {
  return Object.assign(draft, { id, source });
}
