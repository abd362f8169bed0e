import type { JsonObject } from './instruction.ts';

/** What a question asks for. `text`: a free note. Every item also asks for a response. */
export const QUESTION_KINDS = ['rating', 'choice', 'choices', 'ranking', 'span', 'text'] as const;
export type QuestionKind = (typeof QUESTION_KINDS)[number];

interface QuestionBase {
  /** Its key in labels and exports. */
  readonly name: string;
  /** The question in words. */
  readonly ask: string;
  /** Whether an answered item needs an answer to it. */
  readonly required: boolean;
}

/** A question about one item, with everything that is needed to show it and to check answers. */
export type Question = QuestionBase &
  (
    | { readonly kind: 'rating'; readonly from: number; readonly to: number }
    /** One or several of the options. */
    | { readonly kind: 'choice' | 'choices'; readonly options: readonly string[] }
    /** Two or more answers to put in order. */
    | { readonly kind: 'ranking'; readonly answers: readonly { readonly name: string; readonly text: string }[] }
    /** Parts of a text to mark with labels. */
    | { readonly kind: 'span'; readonly text: string; readonly labels: readonly string[] }
    | { readonly kind: 'text' }
  );

/** A marked part of a text. Positions count Unicode code points, as Python does; `end` is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** A rating; a choice or a text; several choices, or a ranking with the best first; spans. */
export type Answer = number | string | readonly string[] | readonly Span[];
/** Answers by the name of their question, without empty ones. */
export type Answers = Readonly<Record<string, Answer>>;

export const LONGEST_TEXT_ANSWER = 10_000;

/** Checks one answer. @returns undefined where it is no answer to the question; null where it is empty */
export function readAnswer(question: Question, given: unknown): Answer | null | undefined {
  if (given === null || given === undefined || given === '') return null;
  if (Array.isArray(given) && given.length === 0) return null;
  switch (question.kind) {
    case 'rating': {
      const isRating = Number.isInteger(given) && Number(given) >= question.from && Number(given) <= question.to;
      return isRating ? Number(given) : undefined;
    }
    case 'choice':
      return typeof given === 'string' && question.options.includes(given) ? given : undefined;
    case 'choices':
      return isSubset(given, question.options)
        ? question.options.filter((option) => given.includes(option))
        : undefined;
    case 'ranking': {
      const names = question.answers.map(({ name }) => name);
      return isSubset(given, names) && given.length === names.length ? [...given] : undefined;
    }
    case 'span':
      return readSpans(given, question);
    case 'text': {
      if (typeof given !== 'string' || given.length > LONGEST_TEXT_ANSWER) return undefined;
      return given.trim() === '' ? null : given.toWellFormed();
    }
  }
}

/** Whether a value lists some of the names, each once. */
function isSubset(given: unknown, names: readonly string[]): given is readonly string[] {
  return Array.isArray(given) && new Set(given).size === given.length && given.every((one) => names.includes(one));
}

function readSpans(
  given: unknown,
  { text, labels }: { readonly text: string; readonly labels: readonly string[] },
): Span[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const length = codePoints(text);
  const spans: Span[] = [];
  for (const one of given) {
    const { start, end, label } = (typeof one === 'object' && one !== null ? one : {}) as Partial<Span>;
    const isInside = Number.isInteger(start) && Number.isInteger(end) && start! >= 0 && start! < end! && end! <= length;
    if (!isInside || typeof label !== 'string' || !labels.includes(label)) return undefined;
    const isKnown = spans.some((span) => span.start === start && span.end === end && span.label === label);
    if (!isKnown) spans.push({ start: start!, end: end!, label });
  }
  return spans.sort((a, b) => a.start - b.start || a.end - b.end || labels.indexOf(a.label) - labels.indexOf(b.label));
}

export interface AnswersReading {
  /** In the order of the questions. */
  readonly answers: Answers;
  /** Names of questions whose answer is not valid. */
  readonly invalid: readonly string[];
}

/** Checks the answers to the questions of an item. A name that no question has is invalid. */
export function readAnswers(questions: readonly Question[], given: JsonObject | Answers): AnswersReading {
  const answers: Record<string, Answer> = {};
  const known = questions.map(({ name }) => name);
  const invalid = Object.keys(given).filter((name) => !known.includes(name));
  for (const question of questions) {
    const answer = readAnswer(question, Object.hasOwn(given, question.name) ? given[question.name] : null);
    if (answer === undefined) invalid.push(question.name);
    else if (answer !== null) answers[question.name] = answer;
  }
  return { answers, invalid };
}

/** The first question that still needs an answer. */
export function firstUnanswered(questions: readonly Question[], answers: Answers): Question | undefined {
  return questions.find(({ name, required }) => required && !Object.hasOwn(answers, name));
}

export function sameAnswers(one: Answers, other: Answers): boolean {
  const sorted = (answers: Answers) => JSON.stringify(Object.entries(answers).sort(([a], [b]) => (a < b ? -1 : 1)));
  return one === other || sorted(one) === sorted(other);
}

/** Number of code points before a UTF-16 position. */
export function codePoints(text: string, end = text.length): number {
  let count = 0;
  for (let at = 0; at < end; at += text.codePointAt(at)! > 0xffff ? 2 : 1) count += 1;
  return count;
}

/** UTF-16 position of a code point. */
export function utf16Position(text: string, codePoint: number): number {
  let at = 0;
  for (let count = 0; count < codePoint && at < text.length; count += 1) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}
