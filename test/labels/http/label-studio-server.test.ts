import { afterEach, describe, expect, it } from 'vitest';
import type { LabelServer } from '../../../src/labels/http/label-server.ts';
import { labelStudioServer } from '../../../src/labels/http/label-studio-server.ts';
import { LABEL_STUDIO_CHAT_CONFIG, LABEL_STUDIO_CONFIG } from '../../../src/labels/label-studio-task.ts';
import {
  type LabelStudio,
  type LabelStudioOptions,
  LEGACY_TOKEN,
  PERSONAL_TOKEN,
  startLabelStudio,
} from '../../support/label-studio-server.ts';
import { troubles } from '../../support/rest-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';
import { DRAFTED, labelTasks, patience } from './label-tasks.ts';

let studio: LabelStudio;

afterEach(() => studio.close());

type Settings = Partial<Parameters<typeof labelStudioServer>[0]>;

async function serve(options: LabelStudioOptions = {}): Promise<void> {
  studio = await startLabelStudio(options);
}

function connect(settings: Settings = {}): LabelServer {
  const { url } = studio;
  const defaults = { url, apiKey: LEGACY_TOKEN, keySource: 'LABEL_STUDIO_API_KEY', project: 'Winnow' };
  return labelStudioServer({ ...defaults, ...patience(), ...settings });
}

const imports = () => studio.count('POST', /\/import$/);
const keys = () => studio.tasks.map(({ data }) => data.winnow_id);

describe('pushing to Label Studio', () => {
  it('creates the project with our labeling interface and the tasks with their drafts', async () => {
    await serve();
    const pushed = await connect({ annotators: 2 }).push([...labelTasks(2), DRAFTED]);
    expect(pushed).toEqual({ created: 3, present: 0, url: `${studio.url}/projects/1/data` });
    expect(studio.projects).toEqual([
      { id: 1, title: 'Winnow', label_config: LABEL_STUDIO_CONFIG, maximum_annotations: 2 },
    ]);
    expect(keys()).toEqual(['it_1', 'it_2', 'it_drafted']);
    expect(studio.tasks[2]!.data.prompt).toBe('Sum up.\n\nA long text.');
    expect(studio.tasks[2]!.predictions).toEqual([
      expect.objectContaining({ model_version: 'seed-1', score: 0.25, result: [expect.anything()] }),
    ]);
  });

  it('creates the project with a control for each question, and refuses one without them', async () => {
    await serve();
    const rating = { name: 'quality', ask: 'quality', required: true, kind: 'rating', from: 1, to: 5 } as const;
    const span = { name: 'errors', ask: 'errors', required: false, kind: 'span', text: '', labels: ['odd'] } as const;
    const [task] = labelTasks(1);
    await connect().push([{ ...task!, questions: [rating] }], { questions: [rating, span] });
    expect(studio.projects[0]!.label_config).toContain('<Rating name="quality" toName="prompt" maxRating="5"/>');
    expect(studio.tasks[0]!.data).toMatchObject({ errors_shown: '' });
    const other = connect().push([task!], { questions: [rating, { ...rating, name: 'tone' }] });
    await expect(other).rejects.toThrow('there is no control named tone');
  });

  it('shows conversations as dialogues, and gives their project every later task in that form', async () => {
    await serve();
    const before = [{ role: 'system', text: 'Be brief.' }] as const;
    const [chat, plain] = labelTasks(2);
    await connect().push([{ ...chat!, context: { before } }]);
    expect(studio.projects[0]!.label_config).toBe(LABEL_STUDIO_CHAT_CONFIG);
    expect(await connect().push([plain!])).toMatchObject({ created: 1 });
    expect(studio.tasks.map(({ data }) => (data.dialogue as object[]).length)).toEqual([2, 1]);
  });

  it('sends what is missing and only that', async () => {
    await serve();
    await connect().push(labelTasks(3));
    studio.annotate('it_2', { text: 'An answer.' });
    expect(await connect().push(labelTasks(5))).toMatchObject({ created: 2, present: 3 });
    expect(await connect().push(labelTasks(5))).toMatchObject({ created: 0, present: 5 });
    expect(keys()).toEqual(['it_1', 'it_2', 'it_3', 'it_4', 'it_5']);
    expect(imports()).toBe(2);
    expect(studio.projects).toHaveLength(1);
  });

  it('finds what is there on every page, also where the server shows fewer tasks and does not count them', async () => {
    await serve({ mostOnPage: 4, totalMissing: true });
    await connect().push(labelTasks(12));
    expect(await connect().push(labelTasks(13))).toMatchObject({ created: 1, present: 12 });
  });

  it('sends at most 1,000 tasks and about ten million characters a request', async () => {
    await serve();
    const progress: number[] = [];
    await connect().push(labelTasks(2_100), { onProgress: ({ done }) => progress.push(done) });
    expect(progress).toEqual([1_000, 2_000, 2_100]);
    const long = labelTasks(2_103)
      .slice(2_100)
      .map((task) => ({ ...task, instruction: 'x'.repeat(6_000_000) }));
    await connect().push(long);
    expect(imports()).toBe(6);
  });

  it('makes one task of an id that is given twice', async () => {
    await serve();
    expect(await connect().push([...labelTasks(1), ...labelTasks(1)])).toMatchObject({ created: 1, present: 0 });
  });

  it('sends nothing the server could not store', async () => {
    await serve();
    const [task] = labelTasks(1);
    await connect().push([{ ...task!, id: 'half\ud800', instruction: 'a\0b\udfff', reason: '\u202eevil\ud83d' }]);
    expect(studio.tasks[0]!.data).toMatchObject({ winnow_id: 'half\ufffd', prompt: 'a\ufffdb\ufffd' });
    expect(await connect().push([{ ...task!, id: 'half\ud800' }])).toMatchObject({ created: 0, present: 1 });
  });

  it.each([
    ['the connection drops before the answer', { fault: 'drop', when: 'before', after: true }],
    ['the connection drops within the answer', { fault: 'drop', when: 'middle', after: true }],
    ['the answer is half a JSON', { fault: 'half-json', after: true }],
    ['a gateway gives up waiting', { fault: 'status', status: 504, after: true }],
    ['the server fails after the work', { fault: 'status', status: 500, after: true }],
    ['the server does not answer in time', { fault: 'hang', after: true }],
  ] as const)('makes no task twice when the import goes through but %s', async (_, fault) => {
    await serve({ trouble: troubles('POST', /\/import$/, fault) });
    expect(await connect(fault.fault === 'hang' ? { timeoutMs: 2_000 } : {}).push(labelTasks(5))).toMatchObject({
      created: 5,
    });
    expect(keys()).toEqual(['it_1', 'it_2', 'it_3', 'it_4', 'it_5']);
    expect(imports()).toBe(1);
  });

  it('waits for tasks of a lost import to appear before it sends them again', async () => {
    // The server answers 504 and is still at work: the tasks come in while we look.
    let looks = 0;
    await serve({
      trouble: (request) => {
        if (request.path === '/api/tasks') looks += 1;
        if (looks === 4) studio.tasks.push(...late.splice(0));
        return troublesOnce(request);
      },
    });
    const troublesOnce = troubles('POST', /\/import$/, { fault: 'status', status: 504 })!;
    const late = labelTasks(2).map((task, index) => ({
      id: index + 1,
      project: 1,
      data: { winnow_id: task.id },
      predictions: [],
      annotations: [],
      drafts: [],
    }));
    await connect().push(labelTasks(2));
    expect(keys()).toEqual(['it_1', 'it_2']);
    expect(imports()).toBe(1);
  });

  it('sends an import again that got lost on its way', async () => {
    const lost = [
      { fault: 'drop', when: 'before' },
      { fault: 'status', status: 503 },
    ] as const;
    await serve({ trouble: troubles('POST', /\/import$/, ...lost) });
    await connect().push(labelTasks(2));
    expect(keys()).toEqual(['it_1', 'it_2']);
    expect(imports()).toBe(3);
  });

  it('goes on after it was killed between import and recording, or between two imports', async () => {
    await serve();
    const killed = new AbortController();
    const half = connect().push(labelTasks(1_500), {
      signal: killed.signal,
      onProgress: () => killed.abort(new Error('killed')),
    });
    await expect(half).rejects.toThrow('killed');
    expect(studio.tasks).toHaveLength(1_000);
    expect(await connect().push(labelTasks(1_500))).toMatchObject({ created: 500, present: 1_000 });
    expect(await connect().push(labelTasks(1_500))).toMatchObject({ created: 0, present: 1_500 });
    expect(new Set(keys()).size).toBe(1_500);
    expect(studio.tasks).toHaveLength(1_500);
  });

  it('creates the project once when the answer to its creation is lost', async () => {
    await serve({ trouble: troubles('POST', /projects$/, { fault: 'drop', when: 'before', after: true }) });
    await connect().push(labelTasks(1));
    expect(studio.projects).toHaveLength(1);
  });

  it('waits for an import that the server puts off', async () => {
    await serve({ putOff: { looks: 3 } });
    expect(await connect().push(labelTasks(3))).toMatchObject({ created: 3 });
    expect(studio.tasks).toHaveLength(3);
    expect(studio.count('GET', /imports\/1$/)).toBe(3);
  });

  it('says why an import that was put off failed', async () => {
    await serve({ putOff: { looks: 1, fails: true } });
    await expect(connect().push(labelTasks(3))).rejects.toThrow(
      'Label Studio could not import the tasks: the labels do not fit.',
    );
  });

  it('says that an import that is put off for too long must not be sent again', async () => {
    await serve({ putOff: { looks: 1_000 } });
    await expect(connect().push(labelTasks(1))).rejects.toMatchObject({
      message: 'Label Studio is still importing after 10 minutes.',
      hint: expect.stringContaining('made twice'),
    });
  });

  it('lists the tasks again when some are deleted meanwhile', async () => {
    let deleted = true;
    await serve({
      mostOnPage: 2,
      trouble: ({ path, query }) => {
        if (path === '/api/tasks' && query.get('page') === '2' && !deleted) {
          deleted = true;
          studio.tasks.splice(0, 1);
        }
        return undefined;
      },
    });
    await connect().push(labelTasks(6));
    deleted = false;
    expect(await connect().push(labelTasks(6))).toMatchObject({ created: 1, present: 5 });
    expect(new Set(keys()).size).toBe(6);
    expect(studio.tasks).toHaveLength(6);
  });

  it('fails when the list keeps changing', async () => {
    await serve({
      mostOnPage: 1,
      trouble: ({ path, query }) => {
        if (path === '/api/tasks' && query.get('page') === '2') studio.tasks.splice(0, 1);
        return undefined;
      },
    });
    await connect().push(labelTasks(9));
    await expect(connect().push(labelTasks(9))).rejects.toThrow('The tasks of project 1 changed each of the 3 times');
  });
});

describe('the project of Label Studio', () => {
  it('is found by its number, as a number or a text', async () => {
    await serve();
    studio.addProject('Other', LABEL_STUDIO_CONFIG);
    await connect({ project: 1 }).push(labelTasks(1));
    expect(await connect({ project: '1' }).push(labelTasks(2))).toMatchObject({ created: 1, present: 1 });
  });

  it('is found by its whole title among those that hold it, on any page', async () => {
    await serve({ mostOnPage: 2 });
    for (const title of ['Winnow 2', 'My winnow', 'winnow', 'Winnow']) studio.addProject(title, LABEL_STUDIO_CONFIG);
    await connect().push(labelTasks(1));
    expect(studio.tasks[0]!.project).toBe(4);
    expect(studio.projects).toHaveLength(4);
  });

  it('must be unique: the error lists the numbers of all with the same title', async () => {
    await serve();
    studio.addProject('Winnow', LABEL_STUDIO_CONFIG);
    studio.addProject('Winnow', LABEL_STUDIO_CONFIG);
    await expect(connect().push(labelTasks(1))).rejects.toMatchObject({
      message: 'Label Studio has 2 projects called "Winnow": 1, 2.',
      hint: 'Give the number of the right one.',
    });
  });

  it('must exist when it is given by number, or pulled from', async () => {
    await serve();
    const numbered = connect({ project: 7 });
    await expect(numbered.push(labelTasks(1))).rejects.toThrow(`Label Studio at ${studio.url} has no project 7.`);
    await expect(numbered.pull()).rejects.toThrow('has no project 7.');
    await expect(connect().pull()).rejects.toThrow('has no project "Winnow".');
  });

  it('must show our tasks and ask for a response', async () => {
    await serve();
    studio.addProject('Winnow', '<View><Text name="t" value="$text"/></View>');
    await expect(connect().push(labelTasks(1))).rejects.toMatchObject({
      message: expect.stringContaining('nothing that shows $prompt and no TextArea named response'),
      hint: expect.stringContaining(LABEL_STUDIO_CONFIG),
    });
    expect(imports()).toBe(0);
  });

  it('shows what the server says about a title or tasks that it rejects', async () => {
    await serve();
    await expect(connect({ project: 'x'.repeat(51) }).push(labelTasks(1))).rejects.toThrow(
      'rejected the request (400): Validation error {"title":["Ensure this field has no more than 50 characters."]}',
    );
    studio.addProject('Winnow', `${LABEL_STUDIO_CONFIG}<Text name="x" value="$colour"/>`);
    await expect(connect().push(labelTasks(1))).rejects.toThrow('colour');
    expect(studio.tasks).toHaveLength(0);
  });
});

describe('pulling from Label Studio', () => {
  it('returns what was submitted, skipped, rejected, drafted and untouched', async () => {
    await serve();
    await connect().push([...labelTasks(6), DRAFTED]);
    studio.annotate('it_1', { text: 'One.', user: 3, seconds: 40, at: '2025-06-01T10:00:00.5Z' });
    studio.annotate('it_2', { cancelled: true });
    studio.annotate('it_3', { text: 'No good.', verdict: 'reject' });
    studio.draft('it_4', { text: 'Not yet' });
    studio.annotate('it_5', {});
    const { annotations, untouched, foreign } = await connect().pull();
    expect(annotations).toEqual([
      {
        itemId: 'it_1',
        verdict: 'accepted',
        response: 'One.',
        annotator: '3',
        seconds: 40,
        submittedAtMs: Date.parse('2025-06-01T10:00:00.5Z'),
        sourceId: '1',
        place: expect.stringMatching(/^task /),
        shown: { prompt: expect.any(String) },
      },
      expect.objectContaining({ itemId: 'it_2', verdict: 'skipped', response: null }),
      expect.objectContaining({ itemId: 'it_3', verdict: 'rejected', response: null }),
      expect.objectContaining({ itemId: 'it_4', verdict: 'draft', response: 'Not yet' }),
    ]);
    // A prediction that no one submitted is not a label.
    expect(untouched).toEqual(['it_5', 'it_6', 'it_drafted']);
    expect(foreign).toEqual([]);
  });

  it('keeps the answers of several people to one item, and shows later changes under the same id', async () => {
    await serve();
    await connect().push(labelTasks(1));
    studio.annotate('it_1', { text: 'By one.', user: 1 });
    studio.annotate('it_1', { text: 'By two.', user: 2 });
    const before = await connect().pull();
    studio.edit('it_1', { text: 'By two, corrected.', at: '2025-06-02T00:00:00Z' });
    const after = await connect().pull();
    expect(before.annotations.map(({ response }) => response)).toEqual(['By one.', 'By two.']);
    expect(after.annotations.map(({ response }) => response)).toEqual(['By one.', 'By two, corrected.']);
    expect(after.annotations.map(({ sourceId }) => sourceId)).toEqual(
      before.annotations.map(({ sourceId }) => sourceId),
    );
    expect(after.annotations[1]!.submittedAtMs).toBe(Date.parse('2025-06-02T00:00:00Z'));
  });

  it('hands on ids it does not know, and names tasks without our key', async () => {
    await serve();
    await connect().push(labelTasks(1));
    const task = { project: 1, predictions: [], annotations: [], drafts: [] };
    studio.tasks.push({ ...task, id: 70, data: { winnow_id: 'of another campaign' } });
    studio.tasks.push({ ...task, id: 71, data: { prompt: 'Made by hand' } });
    const { untouched, foreign } = await connect().pull();
    expect(untouched).toEqual(['it_1', 'of another campaign']);
    expect(foreign).toEqual([{ place: 'task 71', cause: expect.stringContaining('winnow_id') }]);
  });
});

describe('the key of Label Studio', () => {
  it('is sent as it is when it is a legacy token', async () => {
    await serve();
    await connect().push(labelTasks(1));
    expect(new Set(studio.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Token ${LEGACY_TOKEN}`]),
    );
  });

  it('is exchanged when it is a personal token, and never sent along', async () => {
    await serve();
    await connect({ apiKey: PERSONAL_TOKEN }).push(labelTasks(1));
    expect(studio.count('POST', /refresh$/)).toBe(1);
    const sent = studio.requests
      .filter(({ path }) => !path.endsWith('refresh'))
      .map(({ headers }) => headers.authorization);
    expect(new Set(sent)).toEqual(new Set(['Bearer eyJ.1.access']));
  });

  it('is exchanged again before the access token expires', async () => {
    const clock = new VirtualClock();
    await serve({ now: () => clock.now() });
    const server = connect({ apiKey: PERSONAL_TOKEN, clock });
    await server.push(labelTasks(1));
    await clock.advance(4 * 60_000);
    await server.pull();
    expect(studio.count('POST', /refresh$/)).toBe(2);
    expect(studio.requests.some(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('is exchanged again when the server rejects the access token, even if it has not expired by our clock', async () => {
    let serverMs = 0;
    await serve({ now: () => serverMs });
    const server = connect({ apiKey: PERSONAL_TOKEN });
    await server.push(labelTasks(1));
    serverMs = 400_000;
    expect(await server.push(labelTasks(2))).toMatchObject({ created: 1 });
    expect(studio.count('POST', /refresh$/)).toBe(2);
  });

  it('is named by its variable when a personal token is refused', async () => {
    await serve();
    const apiKey = `${PERSONAL_TOKEN}x`;
    const refused = await connect({ apiKey })
      .push(labelTasks(1))
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: 'Label Studio refused the key (401): Invalid token.' });
    expect(studio.requests).toHaveLength(1);
  });
});
