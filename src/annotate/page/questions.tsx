import type { Answer, Answers, Question } from '../../domain/questions.ts';
import { RankingQuestion } from './ranking-question.tsx';
import { SpanQuestion } from './span-question.tsx';
import { visibleText } from './visible-text.ts';

export interface QuestionsProps {
  readonly questions: readonly Question[];
  readonly answers: Answers;
  readonly isDisabled: boolean;
  readonly onAnswer: (answers: Answers) => void;
}

/** What an item asks beside the response; nothing where it asks nothing. Tab and arrows reach everything. */
export function Questions({ questions, answers, isDisabled, onAnswer }: QuestionsProps) {
  if (questions.length === 0) return null;
  const answerTo = (name: string) => (answer: Answer | null) => {
    const { [name]: _, ...others } = answers;
    onAnswer(answer === null ? others : { ...others, [name]: answer });
  };
  return (
    <section class="questions" aria-label="Questions">
      {questions.map((question) => {
        const isMissing = question.required && !Object.hasOwn(answers, question.name);
        return (
          <fieldset key={question.name} class="choice" disabled={isDisabled} data-missing={isMissing}>
            <legend dir="auto">
              {visibleText(question.ask)} {!question.required && <span class="muted">(optional)</span>}
            </legend>
            <QuestionField question={question} answer={answers[question.name]} onAnswer={answerTo(question.name)} />
          </fieldset>
        );
      })}
    </section>
  );
}

/** Moves the focus to the first question without an answer, or to the first of all. */
export function focusQuestion(): void {
  const fields = 'input:checked, input, select, textarea';
  const questions = document.querySelector('.questions');
  const missing = questions?.querySelector('[data-missing="true"]');
  const question = missing ?? questions?.querySelector('fieldset');
  const chosen = question?.querySelector<HTMLElement>('input:checked') ?? question?.querySelector<HTMLElement>(fields);
  chosen?.focus();
}

interface FieldProps {
  readonly question: Question;
  readonly answer: Answer | undefined;
  /** Null takes the answer back. */
  readonly onAnswer: (answer: Answer | null) => void;
}

function QuestionField({ question, answer, onAnswer }: FieldProps) {
  switch (question.kind) {
    case 'rating': {
      const ratings = Array.from({ length: question.to - question.from + 1 }, (_, at) => question.from + at);
      return (
        // biome-ignore lint/a11y/noStaticElementInteractions: the radio buttons in it take the keys
        <div
          class="options"
          onKeyDown={(event) => {
            const rating = /^\d$/.test(event.key) && !event.ctrlKey && !event.altKey ? Number(event.key) : undefined;
            if (rating === undefined || !ratings.includes(rating)) return;
            event.preventDefault();
            onAnswer(rating);
            event.currentTarget.querySelectorAll('input')[rating - question.from]!.focus();
          }}
        >
          {ratings.map((rating) => (
            <Option
              key={rating}
              type="radio"
              name={question.name}
              text={String(rating)}
              isChosen={answer === rating}
              onChoose={() => onAnswer(rating)}
            />
          ))}
        </div>
      );
    }
    case 'choice':
      return (
        <div class="options">
          {question.options.map((option) => (
            <Option
              key={option}
              type="radio"
              name={question.name}
              text={option}
              isChosen={answer === option}
              onChoose={() => onAnswer(option)}
            />
          ))}
          {!question.required && answer !== undefined && (
            <button type="button" class="quiet" onClick={() => onAnswer(null)}>
              Clear
            </button>
          )}
        </div>
      );
    case 'choices': {
      const chosen = question.options.filter((option) => Array.isArray(answer) && answer.includes(option));
      return (
        <div class="options">
          {question.options.map((option) => (
            <Option
              key={option}
              type="checkbox"
              name={question.name}
              text={option}
              isChosen={chosen.includes(option)}
              onChoose={(isChosen) => {
                const next = question.options.filter((one) => (one === option ? isChosen : chosen.includes(one)));
                onAnswer(next.length === 0 ? null : next);
              }}
            />
          ))}
        </div>
      );
    }
    case 'ranking':
      return <RankingQuestion question={question} answer={answer} onAnswer={onAnswer} />;
    case 'span':
      return <SpanQuestion question={question} answer={answer} onAnswer={onAnswer} />;
    case 'text':
      return (
        <textarea
          rows={2}
          maxLength={10_000}
          dir="auto"
          aria-label={question.ask}
          value={typeof answer === 'string' ? answer : ''}
          onInput={({ currentTarget: { value } }) => onAnswer(value === '' ? null : value)}
        />
      );
  }
}

interface OptionProps {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly text: string;
  readonly isChosen: boolean;
  readonly onChoose: (isChosen: boolean) => void;
}

function Option({ type, name, text, isChosen, onChoose }: OptionProps) {
  return (
    <label class="check">
      <input
        type={type}
        name={`question ${name}`}
        checked={isChosen}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <span dir="auto">{visibleText(text)}</span>
    </label>
  );
}
