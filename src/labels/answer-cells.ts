import { parseBoundedJson } from '../domain/foreign-json.ts';
import type { JsonValue } from '../domain/instruction.ts';
import type { Answer, Question } from '../domain/questions.ts';

const SEPARATOR = '|';

/** An answer as one cell or field for people: several parts with | between them, spans as JSON; empty for none. */
export function answerCell(answer: Answer | undefined): string | number {
  if (answer === undefined) return '';
  if (typeof answer === 'string' || typeof answer === 'number') return answer;
  const isTexts = answer.every((part) => typeof part === 'string');
  return isTexts ? answer.join(` ${SEPARATOR} `) : JSON.stringify(answer);
}

/**
 * An answer as a file of any tool gives it, in the shape that the question asks for: a number may be text, one choice may
 * be a list, and a list may be a cell. It is not checked yet.
 */
export function givenAnswer({ kind }: Question, given: unknown): unknown {
  const only = Array.isArray(given) && given.length === 1 ? given[0] : given;
  switch (kind) {
    case 'rating':
      return typeof only === 'string' && only.trim() !== '' ? Number(only.replace(',', '.')) : only;
    case 'choice':
      return typeof only === 'string' ? only.trim() : only;
    case 'text':
      return Array.isArray(given) ? given.filter((part) => typeof part === 'string').join('\n') : given;
    case 'choices':
    case 'ranking':
      return typeof given === 'string' ? partsOf(given) : given;
    case 'span':
      return typeof given === 'string' ? parsed(given) : given;
  }
}

/** What a list of texts was written as: JSON, or parts with | between them. */
function partsOf(cell: string): unknown {
  if (cell.trim() === '') return null;
  const json = parsed(cell);
  if (Array.isArray(json)) return json;
  return cell.split(SEPARATOR).map((part) => part.trim());
}

function parsed(cell: string): JsonValue | undefined {
  try {
    return parseBoundedJson(cell) as JsonValue;
  } catch {
    return cell.trim() === '' ? null : undefined;
  }
}

/** For people who fill in a file: what to write. */
export function answerHint(question: Question): string {
  const { ask, kind } = question;
  switch (kind) {
    case 'rating':
      return `${ask} (${question.from} to ${question.to})`;
    case 'choice':
      return `${ask} (one of: ${question.options.join(' | ')})`;
    case 'choices':
      return `${ask} (any of: ${question.options.join(' | ')})`;
    case 'ranking':
      return `${ask} (the best first: ${question.answers.map(({ name }) => name).join(' | ')})`;
    case 'span':
      return `${ask} (JSON: [{"start": 0, "end": 5, "label": "${question.labels[0]}"}]; labels: ${question.labels.join(' | ')})`;
    case 'text':
      return ask;
  }
}
