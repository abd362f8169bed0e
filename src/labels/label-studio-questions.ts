import { isJsonObject, type JsonObject } from '../domain/instruction.ts';
import type { LabelTask } from '../domain/label.ts';
import { type Answer, type Answers, codePoints, type Question } from '../domain/questions.ts';
import type { ResultRegion } from './label-studio-response.ts';
import { storableText } from './task-text.ts';

/** The questions of all tasks, each once. */
export function questionsOf(tasks: readonly LabelTask[]): Question[] {
  const all = tasks.flatMap(({ questions = [] }) => questions);
  return [...new Map(all.map((question) => [question.name, question])).values()];
}

/** Controls for the questions, to stand before the end of a labeling interface. */
export function questionControls(questions: readonly Question[]): string {
  return questions.map((question) => `  <Header value="${attribute(question.ask)}"/>\n${control(question)}\n`).join('');
}

function control(question: Question): string {
  const { name } = question;
  switch (question.kind) {
    case 'rating':
      return question.from === 1
        ? `  <Rating name="${name}" toName="prompt" maxRating="${question.to}"/>`
        : `  <Number name="${name}" toName="prompt" min="${question.from}" max="${question.to}" step="1"/>`;
    case 'choice':
    case 'choices': {
      const choices = question.options.map((option) => `    <Choice value="${attribute(option)}"/>`).join('\n');
      const choice = question.kind === 'choice' ? 'single-radio' : 'multiple';
      return `  <Choices name="${name}" toName="prompt" choice="${choice}">\n${choices}\n  </Choices>`;
    }
    case 'ranking':
      return `  <List name="${shownName(name)}" value="$${shownName(name)}"/>\n  <Ranker name="${name}" toName="${shownName(name)}"/>`;
    case 'span': {
      const labels = question.labels.map((label) => `    <Label value="${attribute(label)}"/>`).join('\n');
      return `  <Labels name="${name}" toName="${shownName(name)}">\n${labels}\n  </Labels>\n  <Text name="${shownName(name)}" value="$${shownName(name)}"/>`;
    }
    case 'text':
      return `  <TextArea name="${name}" toName="prompt" rows="2" editable="true" maxSubmissions="1"/>`;
  }
}

/** The field of a task that a question is about. Names of questions have no letters that XML escapes. */
function shownName(question: string): string {
  return `${question}_shown`;
}

function attribute(text: string): string {
  return storableText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/\s+/g, ' ');
}

/**
 * What the questions of an interface show of a task. Label Studio takes only tasks that have all that an interface shows,
 * so an item that is not asked has it empty.
 */
export function questionData({ questions = [] }: LabelTask, all: readonly Question[]): JsonObject {
  const shown = all.flatMap(({ name, kind }): [string, JsonObject[] | string][] => {
    const own = questions.find((question) => question.name === name);
    if (kind === 'ranking') {
      const answers = own?.kind === 'ranking' ? own.answers : [];
      const letter = (at: number) => String.fromCharCode('A'.charCodeAt(0) + at);
      return [
        [
          shownName(name),
          answers.map((one, at) => ({ id: one.name, title: letter(at), body: storableText(one.text) })),
        ],
      ];
    }
    return kind === 'span' ? [[shownName(name), own?.kind === 'span' ? storableText(own.text) : '']] : [];
  });
  return Object.fromEntries(shown);
}

/**
 * What the regions of an annotation answer, by control; undefined without any. It is checked against the questions when
 * it is imported.
 * @param ours controls of winnow's own that are no questions
 * @param data of the task
 */
export function regionAnswers(
  result: readonly ResultRegion[],
  ours: readonly string[],
  data: unknown,
): Answers | undefined {
  const answers: Record<string, Answer> = {};
  for (const { from_name, value } of result) {
    if (from_name === undefined || ours.includes(from_name) || !isJsonObject(value)) continue;
    if (Array.isArray(value.labels)) {
      const before = Array.isArray(answers[from_name]) ? answers[from_name] : [];
      answers[from_name] = [...before, ...spansOf(value, from_name, data)] as Answer;
      continue;
    }
    const given = value.rating ?? value.number ?? value.choices ?? value.text ?? rankedBy(value);
    if (given !== undefined && given !== null) answers[from_name] = given as Answer;
  }
  return Object.keys(answers).length === 0 ? undefined : answers;
}

function rankedBy({ ranker }: JsonObject): unknown {
  if (!isJsonObject(ranker)) return undefined;
  const [only, ...others] = Object.values(ranker);
  return others.length === 0 ? only : undefined;
}

/** Positions of Label Studio count UTF-16 units. One span for each label; one that does not fit its text is no span. */
function spansOf(value: JsonObject, control: string, data: unknown): unknown[] {
  const { start, end, text, labels } = value;
  const shown = isJsonObject(data) ? data[shownName(control)] : undefined;
  const [from, to] = [Number(start), Number(end)];
  const isIn = typeof shown === 'string' && Number.isInteger(from) && Number.isInteger(to) && to <= shown.length;
  if (!isIn || (typeof text === 'string' && shown.slice(from, to) !== text)) return [{ label: null }];
  const span = { start: codePoints(shown, from), end: codePoints(shown, to) };
  return (labels as readonly unknown[]).map((label) => ({ ...span, label }));
}
