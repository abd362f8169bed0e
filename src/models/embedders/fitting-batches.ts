import { ProviderError } from '../../domain/errors.ts';
import { type EmbeddingMatrix, embeddingMatrix, rowOf } from '../../math/embedding-matrix.ts';
import { countTokens, cutToTokens } from '../metering/token-count.ts';

/** What becomes of a text that is longer than a server takes: its beginning is embedded, or the mean of its parts. */
export const LONG_TEXTS = ['cut', 'average'] as const;
export type LongTexts = (typeof LONG_TEXTS)[number];

/** What a server was seen to take. It only ever shrinks. */
export interface ServerLimits {
  /** Texts in a request. */
  mostTexts: number;
  /** Tokens of a text, as we count. */
  mostTokens: number;
}

/** How a batch is sent. */
export interface BatchSender {
  readonly limits: ServerLimits;
  readonly longTexts: LongTexts;
  /**
   * Makes one request.
   * @param toRows turns the vectors of what is sent into those of whole texts, for what is stored before the cost is
   * settled. Absent: what is sent is a part of one text only
   */
  send(
    texts: readonly string[],
    first: number,
    toRows?: (vectors: EmbeddingMatrix) => EmbeddingMatrix,
  ): Promise<EmbeddingMatrix>;
  /** Is handed the vector of a text that took several requests. */
  store(first: number, vectors: EmbeddingMatrix): void;
  /** A text is embedded by its beginning alone. */
  onCut(): void;
  /** The server's content filter refuses a text. */
  onRefused(first: number): void;
}

/** A text of fewer tokens is not why a request is refused. */
const SHORTEST_CUT = 16;
const TOO_LARGE =
  /too (?:large|long|many|big)|exceed|maximum (?:context|number|length|batch|input)|max_?(?:client_)?batch|batch size|context (?:length|size|window)|input length|must (?:have|be) (?:less|at most|no more)|at most \d/i;
/** Of texts whose model is not known. */
export const EMBEDDING_ENCODING = 'cl100k_base';

/**
 * Embeds texts within what the server takes, which is found by halving: first the texts of a request, then the tokens of
 * a text. What was found holds for all later requests. A text that a content filter refuses is found by halving too: it
 * gets no vector, and the others theirs.
 * @param texts none empty @param first position of the first of them
 * @returns a row for each text, not of unit length where it is a mean, of zeros where it is refused; without columns where
 *   all are
 * @throws ProviderError where even a short text is refused
 */
export async function embedFitting(
  texts: readonly string[],
  first: number,
  sender: BatchSender,
): Promise<EmbeddingMatrix> {
  const { limits } = sender;
  if (texts.length > 1 && texts.length > limits.mostTexts) return embedHalves(texts, first, sender);
  const parts = texts.map((text) => partsOf(text, sender));
  const sent = parts.flat();
  if (texts.length > 1 && sent.length > limits.mostTexts) return embedHalves(texts, first, sender);
  try {
    if (sent.length > limits.mostTexts) return await embedParts(sent, first, sender);
    const vectors = await sender.send(sent, first, (received) => meansOf(received, parts));
    for (const [at, text] of texts.entries()) if (isCut(text, parts[at]!, sender)) sender.onCut();
    return vectors;
  } catch (error) {
    if (error instanceof ProviderError && error.isFiltered) {
      if (texts.length > 1) return embedHalves(texts, first, sender);
      sender.onRefused(first);
      return embeddingMatrix(new Float32Array(0), 1, 0);
    }
    if (!isTooLarge(error)) throw error;
    const largest = Math.min(sent.length, limits.mostTexts);
    if (largest > 1) {
      limits.mostTexts = Math.ceil(largest / 2);
    } else {
      const tokens = countTokens(sent[0]!, EMBEDDING_ENCODING);
      if (tokens < SHORTEST_CUT) throw error;
      limits.mostTokens = Math.min(limits.mostTokens, Math.floor(tokens / 2));
    }
    return embedFitting(texts, first, sender);
  }
}

async function embedHalves(texts: readonly string[], first: number, sender: BatchSender): Promise<EmbeddingMatrix> {
  const middle = Math.ceil(texts.length / 2);
  const one = await embedFitting(texts.slice(0, middle), first, sender);
  const other = await embedFitting(texts.slice(middle), first + middle, sender);
  return joined([one, other]);
}

/** One text of more parts than a request may have. */
async function embedParts(parts: readonly string[], first: number, sender: BatchSender): Promise<EmbeddingMatrix> {
  const vectors: EmbeddingMatrix[] = [];
  for (let start = 0; start < parts.length; start += sender.limits.mostTexts) {
    vectors.push(await sender.send(parts.slice(start, start + sender.limits.mostTexts), first));
  }
  const mean = meansOf(joined(vectors), [parts]);
  sender.store(first, mean);
  return mean;
}

function isCut(text: string, parts: readonly string[], { longTexts }: BatchSender): boolean {
  return longTexts === 'cut' && parts[0]!.length < text.length;
}

function partsOf(text: string, { limits: { mostTokens }, longTexts }: BatchSender): string[] {
  const beginning = cutToTokens(text, mostTokens, EMBEDDING_ENCODING);
  if (beginning.length === text.length) return [text];
  if (longTexts === 'cut') return [beginning];
  const parts: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const part = cutToTokens(rest, mostTokens, EMBEDDING_ENCODING) || rest.slice(0, 1);
    if (part.trim() !== '') parts.push(part);
    rest = rest.slice(part.length);
  }
  return parts;
}

/** The vectors of texts: those of their parts, or their mean, each weighted by its length. */
function meansOf(vectors: EmbeddingMatrix, parts: readonly (readonly string[])[]): EmbeddingMatrix {
  if (vectors.rows === parts.length) return vectors;
  const means = embeddingMatrix(new Float32Array(parts.length * vectors.columns), parts.length, vectors.columns);
  let row = 0;
  for (const [text, own] of parts.entries()) {
    const mean = rowOf(means, text);
    for (const part of own) {
      const vector = rowOf(vectors, row);
      for (let column = 0; column < mean.length; column += 1) mean[column]! += vector[column]! * part.length;
      row += 1;
    }
    const length = Math.hypot(...mean) || 1;
    for (let column = 0; column < mean.length; column += 1) mean[column]! /= length;
  }
  return means;
}

function joined(matrices: readonly EmbeddingMatrix[]): EmbeddingMatrix {
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  const columns = Math.max(...matrices.map((matrix) => matrix.columns));
  const data = new Float32Array(rows * columns);
  let row = 0;
  for (const matrix of matrices) {
    data.set(matrix.data, row * columns);
    row += matrix.rows;
  }
  return embeddingMatrix(data, rows, columns);
}

function isTooLarge(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  const { status = 0, said } = error;
  return status === 413 || ([400, 422, 500].includes(status) && TOO_LARGE.test(said));
}
