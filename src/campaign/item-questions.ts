import type { Instruction } from '../domain/instruction.ts';
import type { Question } from '../domain/questions.ts';
import type { QuestionRule } from './config/questions-config.ts';
import { shownFields } from './shown-fields.ts';

/** The questions that an item is asked: those about texts that it does not have are left out. */
export function itemQuestions(
  rules: readonly QuestionRule[],
  item: Instruction,
  modelAnswer: string | undefined,
): Question[] {
  const textOf = (place: string): string | undefined => {
    if (place === 'instruction') return item.instruction;
    if (place === 'input') return item.input;
    return place === 'model' ? modelAnswer : shownFields(item.record, [place])[0]?.value;
  };
  return rules.flatMap((rule) => itemQuestion(rule, textOf) ?? []);
}

/** All that any item is asked, with empty texts: what a tool is set up with. */
export function allQuestions(rules: readonly QuestionRule[]): Question[] {
  return rules.flatMap((rule): Question[] => {
    if (rule.kind !== 'ranking' && rule.kind !== 'span') return [itemQuestion(rule, () => undefined)!];
    const base = { name: rule.name, ask: rule.ask ?? rule.name, required: rule.required };
    if (rule.kind === 'span') return [{ ...base, kind: rule.kind, text: '', labels: rule.labels }];
    return [{ ...base, kind: rule.kind, answers: rule.of.map((name) => ({ name, text: '' })) }];
  });
}

/** @param textOf the text at a place that a rule names; undefined where the item has none */
function itemQuestion(rule: QuestionRule, textOf: (place: string) => string | undefined): Question | undefined {
  const base = { name: rule.name, ask: rule.ask ?? rule.name, required: rule.required };
  const written = (place: string) => {
    const text = textOf(place);
    return text === undefined || text.trim() === '' ? undefined : text;
  };
  switch (rule.kind) {
    case 'rating':
      return { ...base, kind: rule.kind, from: rule.from, to: rule.to };
    case 'choice':
    case 'choices':
      return { ...base, kind: rule.kind, options: rule.options };
    case 'ranking': {
      const answers = rule.of.flatMap((name) => {
        const text = written(name);
        return text === undefined ? [] : [{ name, text }];
      });
      return answers.length < 2 ? undefined : { ...base, kind: rule.kind, answers };
    }
    case 'span': {
      const text = written(rule.of);
      return text === undefined ? undefined : { ...base, kind: rule.kind, text, labels: rule.labels };
    }
    case 'text':
      return { ...base, kind: rule.kind };
  }
}
