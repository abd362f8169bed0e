import { afterEach, describe, expect, it } from 'vitest';
import { argillaServer } from '../../../src/labels/http/argilla-server.ts';
import type { LabelServer } from '../../../src/labels/http/label-server.ts';
import { ARGILLA_KEY, type Argilla, type ArgillaOptions, startArgilla } from '../../support/argilla-server.ts';
import { troubles } from '../../support/rest-server.ts';
import { DRAFTED, labelTasks, patience } from './label-tasks.ts';

let argilla: Argilla;

afterEach(() => argilla.close());

async function serve(options: ArgillaOptions = {}): Promise<void> {
  argilla = await startArgilla(options);
}

function connect(settings: Partial<Parameters<typeof argillaServer>[0]> = {}): LabelServer {
  const { url } = argilla;
  const defaults = { url, apiKey: ARGILLA_KEY, keySource: 'ARGILLA_API_KEY', dataset: 'winnow' };
  return argillaServer({ ...defaults, ...patience(), ...settings });
}

const records = () => argilla.datasets.flatMap((dataset) => dataset.records);
const ids = () => records().map(({ external_id }) => external_id);
const names = (parts: readonly { readonly name: string }[]) => parts.map(({ name }) => name);

describe('pushing to Argilla', () => {
  it('creates and publishes the dataset, and the records with their drafts', async () => {
    await serve();
    const pushed = await connect({ annotators: 3 }).push([...labelTasks(2), DRAFTED]);
    const [dataset] = argilla.datasets;
    expect(pushed).toEqual({ created: 3, present: 0, url: `${argilla.url}/dataset/${dataset!.id}/annotation-mode` });
    expect(dataset).toMatchObject({ status: 'ready', distribution: { strategy: 'overlap', min_submitted: 3 } });
    expect(names(dataset!.fields)).toEqual(['instruction', 'input', 'note']);
    expect(names(dataset!.questions)).toEqual(['response']);
    expect(names(dataset!.metadata)).toEqual(['round', 'rank']);
    expect(ids()).toEqual(['it_1', 'it_2', 'it_drafted']);
    expect(records()[2]).toMatchObject({
      fields: { instruction: 'Sum up.', input: 'A long text.', note: expect.stringContaining('too short') },
      metadata: { round: 2, rank: 1, winnow_id: 'it_drafted' },
      suggestions: [{ question_id: dataset!.questions[0]!.id, value: 'A text.', score: 0.25, agent: 'seed-1' }],
    });
  });

  it('sends what is missing and only that, and leaves alone what people did', async () => {
    await serve();
    await connect().push(labelTasks(3));
    argilla.respond('it_2', { text: 'An answer.' });
    const changed = labelTasks(5).map((task) => ({ ...task, reason: 'another' }));
    expect(await connect().push(changed)).toMatchObject({ created: 2, present: 3 });
    expect(await connect().push(changed)).toMatchObject({ created: 0, present: 5 });
    expect(ids()).toEqual(['it_1', 'it_2', 'it_3', 'it_4', 'it_5']);
    expect(records()[1]).toMatchObject({
      metadata: { reason: 'covers a corner' },
      responses: [{ status: 'submitted' }],
    });
  });

  it('sends at most 500 records a request, and finds them again on many pages', async () => {
    await serve();
    const progress: number[] = [];
    await connect().push(labelTasks(1_100), {
      onProgress: ({ phase, done }) => phase === 'write' && progress.push(done),
    });
    expect(progress).toEqual([500, 1_000, 1_100]);
    expect(await connect().push(labelTasks(1_100))).toMatchObject({ created: 0, present: 1_100 });
  });

  it('makes no record twice when answers are lost', async () => {
    const lost = [
      { fault: 'drop', when: 'before', after: true },
      { fault: 'half-json', after: true },
      { fault: 'status', status: 500 },
    ] as const;
    await serve({ trouble: troubles('PUT', /bulk$/, ...lost) });
    expect(await connect().push(labelTasks(3))).toMatchObject({ created: 3 });
    expect(ids()).toEqual(['it_1', 'it_2', 'it_3']);
  });

  it('sends nothing the server could not store', async () => {
    await serve();
    const [task] = labelTasks(1);
    await connect().push([{ ...task!, id: 'half\ud800', instruction: 'a\0b\udfff' }]);
    expect(records()[0]).toMatchObject({ external_id: 'half\ufffd', fields: { instruction: 'a\ufffdb\ufffd' } });
    expect(await connect().push([{ ...task!, id: 'half\ud800' }])).toMatchObject({ created: 0, present: 1 });
  });

  it('goes on wherever it was killed while making the dataset', async () => {
    await serve();
    const steps: string[] = [];
    // Kill 1 right after the first request that changes something, kill 2 after the second, and so on.
    for (let allowed = 1; allowed <= 12; allowed += 1) {
      const killed = new AbortController();
      let changes = 0;
      const counting: typeof globalThis.fetch = async (url, init) => {
        const response = await fetch(url, { ...init, signal: null });
        if (init?.method !== 'GET') steps.push(`${init?.method} ${new URL(String(url)).pathname.split('/').at(-1)}`);
        if (init?.method !== 'GET' && ++changes === 1) killed.abort(new Error('killed'));
        return response;
      };
      const outcome = connect({ fetch: counting }).push(labelTasks(2), { signal: killed.signal });
      const ended = await outcome.catch((error: Error) => error.message);
      if (ended !== 'killed') break;
    }
    expect(steps).toEqual([
      'POST datasets',
      ...['POST fields', 'POST fields', 'POST fields', 'POST questions'],
      ...['POST metadata-properties', 'POST metadata-properties', 'PUT publish', 'PUT bulk'],
    ]);
    expect(await connect().push(labelTasks(2))).toMatchObject({ created: 0, present: 2 });
    expect(argilla.datasets).toHaveLength(1);
    expect(ids()).toEqual(['it_1', 'it_2']);
  });

  it('makes every part of the dataset once when the answer to each is lost', async () => {
    const seen = new Set<string>();
    await serve({
      trouble: ({ method, path, body }) => {
        const step = `${method} ${path} ${JSON.stringify(body ?? '').slice(0, 40)}`;
        if (method === 'GET' || seen.has(step)) return undefined;
        seen.add(step);
        return { fault: 'drop', when: 'before', after: true };
      },
    });
    await connect().push(labelTasks(1));
    const [dataset] = argilla.datasets;
    expect(argilla.datasets).toHaveLength(1);
    expect(names(dataset!.fields)).toEqual(['instruction', 'input', 'note']);
    expect(names(dataset!.questions)).toEqual(['response']);
    expect(dataset!.status).toBe('ready');
    expect(argilla.count('PUT', /publish$/)).toBe(1);
  });

  it('refuses a published dataset that lacks our fields', async () => {
    await serve();
    await connect().push(labelTasks(1));
    const [dataset] = argilla.datasets;
    dataset!.fields.splice(1, 1);
    dataset!.questions[0] = { ...dataset!.questions[0]!, name: 'rating' };
    await expect(connect().push(labelTasks(2))).rejects.toMatchObject({
      message: 'Argilla\'s dataset "winnow" does not fit our records: it has no field input, no question response.',
      hint: expect.stringContaining('does not exist yet'),
    });
  });
});

describe('the workspace of Argilla', () => {
  it('need not be named where there is one', async () => {
    await serve({ workspaces: ['only'] });
    expect(await connect().push(labelTasks(1))).toMatchObject({ created: 1 });
  });

  it('must be named where there are several, and tells datasets of one name apart', async () => {
    await serve({ workspaces: ['a', 'b'] });
    await expect(connect().push(labelTasks(1))).rejects.toThrow(
      `Argilla at ${argilla.url} does not tell which workspace is meant; the user sees "a", "b".`,
    );
    await connect({ workspace: 'a' }).push(labelTasks(1));
    expect(await connect({ workspace: 'b' }).push(labelTasks(1))).toMatchObject({ created: 1 });
    expect(argilla.datasets).toHaveLength(2);
  });

  it('must exist', async () => {
    await serve({ workspaces: [] });
    await expect(connect({ workspace: 'x' }).pull()).rejects.toThrow(
      'has no workspace "x" for this user; the user sees none.',
    );
  });
});

describe('pulling from Argilla', () => {
  it('brings back what was submitted, discarded, drafted and left alone, from every page', async () => {
    await serve();
    await connect().push([...labelTasks(250), DRAFTED]);
    argilla.respond('it_1', { text: 'One.', user: 'anna', at: '2025-06-01T10:00:00.500000' });
    argilla.respond('it_1', { text: 'Eins.', user: 'ben' });
    argilla.respond('it_2', { status: 'discarded' });
    argilla.respond('it_150', { text: 'Not yet', status: 'draft' });
    argilla.respond('it_250', { text: 'Last.' });
    const progress: unknown[] = [];
    const { annotations, untouched, foreign } = await connect().pull({ onProgress: (event) => progress.push(event) });
    expect(
      annotations.map(({ itemId, verdict, response, annotator }) => [itemId, verdict, response, annotator]),
    ).toEqual([
      ['it_1', 'accepted', 'One.', 'anna'],
      ['it_1', 'accepted', 'Eins.', 'ben'],
      ['it_2', 'skipped', null, 'anna'],
      ['it_150', 'draft', 'Not yet', 'anna'],
      ['it_250', 'accepted', 'Last.', 'anna'],
    ]);
    expect(annotations[0]!.submittedAtMs).toBe(Date.parse('2025-06-01T10:00:00.500Z'));
    expect(untouched).toHaveLength(247);
    expect(untouched).toContain('it_drafted');
    expect(foreign).toEqual([]);
    expect(progress.at(-1)).toEqual({ phase: 'read', done: 251, total: 251 });
  });

  it('shows later changes under the same id', async () => {
    await serve();
    await connect().push(labelTasks(1));
    argilla.respond('it_1', { text: 'One.' });
    const before = await connect().pull();
    argilla.respond('it_1', { text: 'One, corrected.', at: '2025-06-02T00:00:00' });
    const after = await connect().pull();
    expect(after.annotations).toEqual([
      { ...before.annotations[0], response: 'One, corrected.', submittedAtMs: Date.parse('2025-06-02T00:00:00Z') },
    ]);
    expect(before.annotations[0]!.sourceId).not.toBeNull();
  });

  it('names the dataset when there is none', async () => {
    await serve();
    await expect(connect().pull()).rejects.toThrow('Argilla\'s workspace "argilla" has no dataset "winnow".');
  });

  it('reads the list again when a record is deleted meanwhile', async () => {
    let left = 1;
    await serve({
      trouble: ({ method, path, query }) => {
        if (method === 'GET' && path.endsWith('/records') && query.get('offset') === '100' && left-- > 0) {
          argilla.datasets[0]!.records.splice(0, 1);
        }
        return undefined;
      },
    });
    left = 0;
    await connect().push(labelTasks(150));
    left = 1;
    const { untouched } = await connect().pull();
    expect(untouched).toEqual(
      labelTasks(150)
        .slice(1)
        .map(({ id }) => id),
    );
  });
});
