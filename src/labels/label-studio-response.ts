import { z } from 'zod';
import type { Annotation } from '../domain/label.ts';
import { nonBlank, quoted } from './label-shapes.ts';

/** One region of a result: which control it belongs to and what that holds. */
interface ResultRegion {
  readonly from_name?: string | undefined;
  readonly value?: unknown;
}

type Given = Pick<Annotation, 'verdict' | 'response'>;

const oneOrMoreTexts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const textValue = z.object({ text: oneOrMoreTexts });
const choicesValue = z.object({ choices: z.array(z.string()) });

/**
 * What the regions of an annotation say.
 * @returns undefined when there is neither a text nor a rejection; what is wrong, as text, when they cannot be read
 */
export function readResponse(result: readonly ResultRegion[]): Given | string | undefined {
  const texts: string[] = [];
  const choices: string[] = [];
  for (const { from_name, value } of result) {
    if (from_name === 'response') {
      const parsed = textValue.safeParse(value);
      if (!parsed.success) return `its response is ${quoted(value)}, not {"text": ["…"]}`;
      texts.push(...parsed.data.text);
    } else if (from_name === 'verdict') {
      const parsed = choicesValue.safeParse(value);
      if (!parsed.success) return `its verdict is ${quoted(value)}, not {"choices": ["ok"]}`;
      choices.push(...parsed.data.choices);
    }
  }
  return judgeResponse(texts, choices);
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
