import { useState } from 'preact/hooks';
import { asRequestError } from './desk-api.ts';

/** What became of the last request, for a status line. */
export interface News {
  readonly text: string;
  readonly isProblem: boolean;
}

/** The last answer of requests that all answer the same, such as a list after each change of it, and what became of the last. */
export function useAnswers<Answer>(initial: Answer) {
  const [answer, setAnswer] = useState(initial);
  const [news, setNews] = useState<News>({ text: '', isProblem: false });
  const tell = (text: string) => setNews({ text, isProblem: false });
  /** @returns whether there was an answer; `done` is told then, else the problem */
  const load = async (request: Promise<Answer>, done: string): Promise<boolean> => {
    try {
      const received = await request;
      setAnswer(() => received);
      tell(done);
      return true;
    } catch (error) {
      const { message, hint } = asRequestError(error);
      setNews({ text: `${message} ${hint ?? ''}`.trim(), isProblem: true });
      return false;
    }
  };
  return { answer, news, tell, load };
}
