import { type Conversation, conversationText } from '../domain/conversation.ts';
import type { Annotation } from '../domain/label.ts';
import type { ForeignRecord, ReadAnnotation } from '../labels/label-file.ts';
import { type ShownText, showsItem } from '../labels/shown-text.ts';
import type { ItemStore } from '../store/item-store.ts';

type ItemTexts = Pick<ItemStore, 'find' | 'conversationAt'>;

/** An annotation of an item that was assigned. */
export interface MatchedLabel {
  readonly annotation: Annotation;
  readonly position: number;
}

/** A label whose id leads to one text, and that stands beside another. */
export interface OtherText {
  readonly itemId: string;
  readonly place: string | null;
  /** What the file shows. */
  readonly shown: string;
  /** What was assigned under this id. */
  readonly assigned: string;
}

export interface MatchedLabels {
  readonly matched: readonly MatchedLabel[];
  /** Not submitted. */
  readonly drafts: number;
  readonly unknownIds: readonly string[];
  readonly unselectedIds: readonly string[];
  readonly otherTexts: readonly OtherText[];
  /** Labels of assigned items: several without an author, rows glued together. */
  readonly refused: readonly ForeignRecord[];
}

export interface MatchOptions {
  /** Whether a position was assigned to annotators. */
  isAssigned(position: number): boolean;
  /** Takes labels by their id alone, also beside another text. */
  readonly trustIds: boolean;
}

/**
 * Finds the item of each annotation. Its id and the text that the file shows must both lead there; files without the text
 * are believed. O(annotations).
 */
export function matchLabels(
  items: ItemTexts,
  annotations: readonly ReadAnnotation[],
  { isAssigned, trustIds }: MatchOptions,
): MatchedLabels {
  const found: (MatchedLabel & { readonly place: string | undefined })[] = [];
  const unknownIds = new Set<string>();
  const unselectedIds = new Set<string>();
  const otherTexts: OtherText[] = [];
  const refused: ForeignRecord[] = [];
  let drafts = 0;
  const hasInputs = annotations.some(({ shown }) => shown?.input !== undefined);
  for (const { place, shown: given, ...annotation } of annotations) {
    const shown = hasInputs ? withInput(given) : given;
    const { itemId } = annotation;
    const position = items.find(itemId);
    if (position === undefined) unknownIds.add(itemId);
    else if (!isAssigned(position)) unselectedIds.add(itemId);
    else if (!trustIds && shown !== undefined && showsItem(shown, items.conversationAt(position)) === false) {
      otherTexts.push({ itemId, place: place ?? null, ...bothTexts(shown, items.conversationAt(position)) });
    } else if (annotation.verdict === 'draft') drafts += 1;
    else {
      const glued = gluedRow(items, annotation, { isAssigned, hasTexts: Object.keys(shown ?? {}).length > 0 });
      if (glued === undefined) found.push({ annotation, position, place });
      else refused.push({ place: place ?? itemId, cause: glued });
    }
  }
  const unclear = withoutAuthors(found);
  for (const [position, count] of unclear) {
    const { annotation, place } = found.find((one) => one.position === position)!;
    const cause = `the file has ${count} different answers to ${annotation.itemId} and does not say whose they are; name the annotators`;
    refused.push({ place: place ?? annotation.itemId, cause });
  }
  const matched = found.filter(({ annotation, position }) => !unclear.has(position) || isNamed(annotation));
  return { matched, drafts, unknownIds: [...unknownIds], unselectedIds: [...unselectedIds], otherTexts, refused };
}

/** In a file that shows inputs, a record without one shows that its item has none. */
function withInput(shown: ShownText | undefined): ShownText | undefined {
  return shown?.instruction === undefined ? shown : { input: '', ...shown };
}

/** The two texts of which one part differs, that part first. */
function bothTexts(shown: ShownText, item: Conversation): Pick<OtherText, 'shown' | 'assigned'> {
  const { prompt, instruction, input } = shown;
  const isOther = (part: ShownText) => showsItem(part, item) === false;
  if (prompt !== undefined) return { shown: prompt, assigned: item.instruction };
  if (instruction !== undefined && isOther({ instruction })) return { shown: instruction, assigned: item.instruction };
  if (input !== undefined && isOther({ input }))
    return { shown: `input: ${input}`, assigned: `input: ${item.input ?? ''}` };
  return { shown: `context: ${shown.context ?? shown.messages ?? ''}`, assigned: conversationText(item) };
}

const ROW_START = /^"?([^",;\t|]{1,200})"?[,;\t|](.*)$/;
/** Of the instruction of a row. */
const COMPARED_CHARACTERS = 30;

/**
 * Whether a response holds rows of the table it was read from, as where a quote was never closed. A line counts as a row
 * that begins with the id of another assigned item and, where the file has the texts, holds the beginning of its own.
 */
function gluedRow(
  items: ItemTexts,
  { itemId, response }: Annotation,
  { isAssigned, hasTexts }: Pick<MatchOptions, 'isAssigned'> & { readonly hasTexts: boolean },
): string | undefined {
  for (const line of response?.split(/\r\n|\r|\n/).slice(1) ?? []) {
    const [, id, rest = ''] = ROW_START.exec(line) ?? [];
    const position = id === undefined || id === itemId ? undefined : items.find(id);
    if (position === undefined || !isAssigned(position)) continue;
    const beginning = items.conversationAt(position).instruction.slice(0, COMPARED_CHARACTERS);
    if (!hasTexts || rest.includes(beginning)) return `its response holds the row of ${id} too; a quote is not closed`;
  }
  return undefined;
}

function isNamed({ annotator, sourceId, submittedAtMs }: Annotation): boolean {
  return annotator !== null || sourceId !== null || submittedAtMs !== null;
}

/** Positions with several different answers of which the file says neither the author nor the time, and how many. */
function withoutAuthors(found: readonly MatchedLabel[]): ReadonlyMap<number, number> {
  const said = new Map<number, Set<string>>();
  for (const { annotation, position } of found) {
    if (isNamed(annotation)) continue;
    const { verdict, response } = annotation;
    said.set(position, (said.get(position) ?? new Set()).add(JSON.stringify([verdict, response])));
  }
  return new Map(
    [...said].filter(([, answers]) => answers.size > 1).map(([position, answers]) => [position, answers.size]),
  );
}
