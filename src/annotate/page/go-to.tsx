import { useState } from 'preact/hooks';
import { asRequestError, type DeskApi } from './desk-api.ts';

export interface GoToProps {
  readonly api: DeskApi;
  readonly round: number;
  readonly hasFocus: boolean;
  readonly onOpen: (number: number) => void;
}

/** Goes to an item by its place in the round. */
export function GoTo({ api, round, hasFocus, onOpen }: GoToProps) {
  const [place, setPlace] = useState('');
  const [problem, setProblem] = useState('');
  const go = async () => {
    const offset = Number(place) - 1;
    if (!/^\d{1,9}$/.test(place) || offset < 0) return setProblem('Enter a number from 1.');
    try {
      const { items, counts } = await api.list({ round, filter: 'all', search: '', offset, limit: 1 });
      if (items[0] === undefined) setProblem(`There are ${counts.all} items.`);
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
        placeholder="Place"
        aria-label="Place in the round"
        aria-invalid={problem !== ''}
        aria-describedby="go-to-problem"
        value={place}
        onInput={(event) => {
          setPlace(event.currentTarget.value.trim());
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
