import { useState } from 'preact/hooks';
import type { Answer, Question } from '../../domain/questions.ts';
import { PoolText } from './pool-text.tsx';

export interface RankingProps {
  readonly question: Extract<Question, { kind: 'ranking' }>;
  readonly answer: Answer | undefined;
  readonly onAnswer: (answer: Answer | null) => void;
}

/**
 * Answers to put in order, as A, B, C, so that their names tell nothing. Each gets a place; the last place follows from
 * the others.
 */
export function RankingQuestion({ question: { answers }, answer, onAnswer }: RankingProps) {
  const [places, setPlaces] = useState<ReadonlyMap<string, number>>(() => placesOf(answer));
  const shown = answer === undefined && places.size === answers.length ? new Map<string, number>() : places;
  const choose = (name: string, place: number) => {
    const next = new Map([...shown].filter(([, taken]) => taken !== place));
    next.set(name, place);
    const left = answers.filter((one) => !next.has(one.name));
    if (left.length === 1)
      next.set(left[0]!.name, answers.findIndex((_, at) => ![...next.values()].includes(at + 1)) + 1);
    setPlaces(next);
    onAnswer(next.size < answers.length ? null : [...next].sort(([, a], [, b]) => a - b).map(([one]) => one));
  };
  return (
    <ol class="ranked">
      {answers.map(({ name, text }, at) => {
        const letter = String.fromCharCode('A'.charCodeAt(0) + at);
        return (
          <li key={name}>
            <label>
              Place of answer {letter}{' '}
              <select
                value={String(shown.get(name) ?? '')}
                onChange={(event) => choose(name, Number(event.currentTarget.value))}
              >
                <option value="" disabled>
                  –
                </option>
                {answers.map((_, place) => (
                  <option key={place} value={String(place + 1)}>
                    {place + 1}
                    {place === 0 && ' (best)'}
                  </option>
                ))}
              </select>
            </label>
            <PoolText text={text} view="written" />
          </li>
        );
      })}
    </ol>
  );
}

function placesOf(answer: Answer | undefined): ReadonlyMap<string, number> {
  const names = Array.isArray(answer) ? answer.filter((part): part is string => typeof part === 'string') : [];
  return new Map(names.map((name, at) => [name, at + 1]));
}
