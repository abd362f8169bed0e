import { z } from 'zod';
import type { Annotation } from '../domain/label.ts';
import { nonBlank, quoted } from './label-shapes.ts';

/** One region of a result: which control it belongs to and what that holds. */
export interface ResultRegion {
  readonly from_name?: string | undefined;
  readonly value?: unknown;
  /** Its `text` is the note that a person wrote to the region. */
  readonly meta?: unknown;
}

type Given = Pick<Annotation, 'verdict' | 'response'>;

const oneOrMoreTexts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const textValue = z.object({ text: oneOrMoreTexts });
const choicesValue = z.object({ choices: z.array(z.string()) });

/** The control that holds the answer in winnow's own labeling interface. */
export const ANSWER_CONTROL = 'response';
const VERDICT_CONTROL = 'verdict';

/**
 * What the regions of an annotation say.
 * @param answerControl the control that holds the answer
 * @returns undefined when there is neither a text nor a rejection; what is wrong, as text, when they cannot be read
 */
export function readResponse(result: readonly ResultRegion[], answerControl: string): Given | string | undefined {
  const texts: string[] = [];
  const choices: string[] = [];
  const others: ResultRegion[] = [];
  for (const region of result) {
    const { from_name, value } = region;
    if (from_name === answerControl) {
      const parsed = textValue.safeParse(value);
      if (!parsed.success) return `its ${answerControl} is ${quoted(value)}, not {"text": ["…"]}`;
      texts.push(...parsed.data.text);
    } else if (from_name === VERDICT_CONTROL) {
      const parsed = choicesValue.safeParse(value);
      if (!parsed.success) return `its verdict is ${quoted(value)}, not {"choices": ["ok"]}`;
      choices.push(...parsed.data.choices);
    } else others.push(region);
  }
  return judgeResponse(texts, choices) ?? elsewhere(others, answerControl);
}

/** Says that an annotation has something, but under controls that are not read. */
function elsewhere(regions: readonly ResultRegion[], answerControl: string): string | undefined {
  const text = regions.find(({ value }) => textsOf(value).some((written) => nonBlank(written) !== null)) ?? regions[0];
  if (text === undefined) return undefined;
  const [shown = text.value] = textsOf(text.value);
  return `it has no ${answerControl}, but its control "${text.from_name ?? ''}" holds ${quoted(shown)}; if that is the answer, name "${text.from_name ?? ''}" as the answer field`;
}

/**
 * The one control that holds texts in all these regions, if it may be the answer: not where there is another, and not
 * where its name says that it holds remarks.
 */
export function onlyTextControl(regions: readonly ResultRegion[]): string | undefined {
  const controls = new Set(regions.flatMap(({ from_name, value }) => (textsOf(value).length > 0 ? [from_name] : [])));
  const [only] = controls;
  return controls.size === 1 && only !== undefined && !REMARKS.test(only) ? only : undefined;
}

const REMARKS = /comment|note|remark|feedback|reason|explan/i;

/** The notes that a person wrote to the regions of an annotation; null without any. */
export function regionNotes(result: readonly ResultRegion[]): string | null {
  return nonBlank(result.flatMap(({ meta }) => textsOf(meta)).join('\n'));
}

function textsOf(value: unknown): readonly string[] {
  const parsed = textValue.safeParse(value);
  return parsed.success ? parsed.data.text : [];
}

/** As `readResponse`, of the texts and the choices that were found. */
export function judgeResponse(texts: readonly string[], choices: readonly string[]): Given | string | undefined {
  const unknown = choices.find((choice) => choice !== 'ok' && choice !== 'reject');
  if (unknown !== undefined) return `its verdict is ${quoted(unknown)}; allowed are ok and reject`;
  if (new Set(choices).size > 1) return 'its verdict is both ok and reject';
  if (choices.includes('reject')) return { verdict: 'rejected', response: null };
  const written = texts.filter((text) => nonBlank(text) !== null);
  const [response] = written;
  if (response === undefined) return undefined;
  if (written.length > 1) {
    return `it holds ${written.length} responses, so which one is meant is unclear; keep maxSubmissions="1" in the labeling interface`;
  }
  return { verdict: 'accepted', response };
}
