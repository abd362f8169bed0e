import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { ScorerError } from '../../../domain/errors.ts';
import { parseForeignJson } from '../../../domain/foreign-json.ts';
import { command, sentence } from '../../../domain/wording.ts';
import { createExpertScorer, type ExpertScorer } from './expert-scorer.ts';
import {
  BUCKETS_BY_VERSION,
  SCORER_FORMAT,
  SCORER_VERSION,
  type ScorerWeights,
  scorerWeightsSchema,
} from './scorer-weights.ts';

const SHIPPED = fileURLToPath(new URL('../../../../data/expert-scorer.json', import.meta.url));

/** Read once: the file does not change while the program runs. */
let shipped: ExpertScorer | undefined;

/** The scorer that ships with winnow. Its limits are in data/expert-scorer.md. */
export function shippedExpertScorer(): ExpertScorer {
  shipped ??= loadExpertScorer(SHIPPED);
  return shipped;
}

/** @throws ScorerError when the file is missing, is not a scorer, or has another version */
export function loadExpertScorer(file: string): ExpertScorer {
  return createExpertScorer(parseScorerWeights(readScorerFile(file), file));
}

/** One line per part, so that a changed weight changes one line. The same weights give the same bytes. */
export function encodeScorerWeights(weights: ScorerWeights): string {
  const { features, ...rest } = weights;
  const lines = Object.entries(rest).map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const rows = features.map((feature) => JSON.stringify(feature)).join(',\n');
  return `{\n${lines.join(',\n')},\n"features":[\n${rows}\n]}\n`;
}

function readScorerFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ScorerError(missing ? `There is no scorer "${file}".` : `The scorer "${file}" cannot be read.`, {
      hint: sentence`Fit one with: ${command('scorer train')} <pairs> -o scorer.json`,
      cause: error,
    });
  }
}

function parseScorerWeights(text: string, file: string): ScorerWeights {
  let value: unknown;
  try {
    value = parseForeignJson(text);
  } catch (error) {
    throw new ScorerError(`"${file}" is not a scorer: it is not valid JSON.`, { cause: error });
  }
  const header = z.object({ format: z.literal(SCORER_FORMAT), version: z.number() }).safeParse(value);
  if (!header.success) {
    throw new ScorerError(`"${file}" is not a scorer.`, {
      hint: sentence`Use a file written by ${command('scorer train')}.`,
    });
  }
  if (!BUCKETS_BY_VERSION.has(header.data.version)) {
    throw new ScorerError(
      `"${file}" is a scorer of version ${header.data.version}; this version of winnow reads versions up to ${SCORER_VERSION}.`,
      { hint: sentence`Fit it again with ${command('scorer train')}.` },
    );
  }
  const weights = scorerWeightsSchema.safeParse(value);
  if (!weights.success) {
    throw new ScorerError(`"${file}" is a damaged scorer: ${z.prettifyError(weights.error)}`, {
      hint: sentence`Fit it again with ${command('scorer train')}.`,
    });
  }
  return weights.data;
}
