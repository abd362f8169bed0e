import { useState } from 'preact/hooks';
import { asRequestError, type DeskApi } from './desk-api.ts';

export interface GoToProps {
  readonly api: DeskApi;
  readonly round: number;
  readonly hasFocus: boolean;
  readonly onOpen: (number: number) => void;
}

/** Goes to an item by its number in the round. */
export function GoTo({ api, round, hasFocus, onOpen }: GoToProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState('');
  const go = async () => {
    const offset = Number(text) - 1;
    if (!/^\d{1,9}$/.test(text) || offset < 0) return setProblem('Enter an item number.');
    try {
      const { items, counts } = await api.list({ round, filter: 'all', search: '', offset, limit: 1 });
      if (items[0] === undefined) setProblem(`This round has ${counts.all} items.`);
      else onOpen(items[0].number);
    } catch (error) {
      setProblem(asRequestError(error).message);
    }
  };
  return (
    <form
      class="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <input
        autofocus={hasFocus}
        inputMode="numeric"
        placeholder="Item no."
        aria-label="Item number"
        aria-invalid={problem !== ''}
        aria-describedby="go-to-problem"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value.trim());
          setProblem('');
        }}
      />
      <button type="submit">Go</button>
      <span id="go-to-problem" role="status" class="trouble">
        {problem}
      </span>
    </form>
  );
}
