import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/domain/instruction.ts';
import { countTokens } from '../../src/models/metering/token-count.ts';
import { TestMemory, trainingJob } from '../../src/testing/training-job.ts';
import type { OpenAiFineTuningOptions } from '../../src/trainers/fine-tuning-submission.ts';
import { openAiFineTuningTrainer } from '../../src/trainers/openai-fine-tuning.ts';
import {
  type FineTuningFault,
  type FineTuningServer,
  type FineTuningServerOptions,
  startFineTuningServer,
} from '../support/fine-tuning-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const folder = temporaryFolder();
const job = trainingJob(folder.path);
const KEY = 'sk-secret-of-the-user';
const CREATE = 'POST /v1/fine_tuning/jobs';
const UPLOAD = 'POST /v1/files';
const LOOK = 'GET /v1/fine_tuning/jobs/:id';
const ALL_ROUTES = ['GET /v1/files', UPLOAD, 'GET /v1/fine_tuning/jobs', CREATE, LOOK];

const MODEL = {
  name: 'ft:gpt-4o-mini:org:winnow:1',
  baseUrl: null,
  // 1,234,567 tokens at $3 a million, to the next micro-dollar.
  costMicroUsd: 3_703_701,
  details: { jobId: 'ftjob-1', trainedTokens: 1_234_567, attempt: 1, trainingFile: 'file-1' },
};

describe('openAiFineTuningTrainer', () => {
  let server: FineTuningServer;

  afterEach(() => server.close());

  const serve = async (options: FineTuningServerOptions = {}) => {
    server = await startFineTuningServer(options);
  };

  function openTrainer(changes: Partial<OpenAiFineTuningOptions> = {}) {
    return openAiFineTuningTrainer({
      model: 'gpt-4o-mini-2024-07-18',
      apiKey: KEY,
      baseUrl: `${server.url}/v1`,
      epochs: 3,
      trainingPrice: 3_000_000,
      clock: new VirtualClock().runByItself(),
      ...changes,
    });
  }

  it('uploads both files, submits one job, waits for it, and says what it cost', async () => {
    await serve();
    const notes: string[] = [];
    const trained = await openTrainer().train(job, new TestMemory(), { onNote: (note) => notes.push(note) });
    expect(trained).toEqual(MODEL);
    expect(server.files).toEqual([
      expect.objectContaining({ filename: 'campaign-r2.jsonl', content: readFileSync(job.trainingFile, 'utf8') }),
      expect.objectContaining({
        filename: 'campaign-r2-held-out.jsonl',
        content: readFileSync(job.heldOutFile, 'utf8'),
      }),
    ]);
    expect(server.files.map(({ purpose }) => purpose)).toEqual(['fine-tune', 'fine-tune']);
    expect(server.jobs.map(({ body }) => body)).toEqual([
      {
        model: 'gpt-4o-mini-2024-07-18',
        training_file: 'file-1',
        validation_file: 'file-2',
        seed: 7,
        suffix: 'campaign-r2',
        method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 3 } } },
        metadata: { winnow: 'campaign-r2' },
      },
    ]);
    expect(notes).toEqual(
      ['validating files, 0 min', 'queued, 0 min', 'running, 1 min'].map((n) => `job ftjob-1: ${n}`),
    );
  });

  it('needs a key', async () => {
    await serve();
    expect(() => openTrainer({ apiKey: undefined })).toThrow('There is no API key for OpenAI.');
  });

  it('polls every thirty seconds, and reports each minute once', async () => {
    await serve({ jobs: [{ statuses: ['running', 'running', 'running', 'running', 'succeeded'], extra: {} }] });
    const clock = new VirtualClock().runByItself();
    const notes: string[] = [];
    await openTrainer({ clock }).train(job, new TestMemory(), { onNote: (note) => notes.push(note) });
    expect(clock.waitsMs).toEqual([30_000, 30_000, 30_000, 30_000]);
    expect(notes).toEqual(['job ftjob-1: running, 0 min', 'job ftjob-1: running, 1 min']);
  });

  it('leaves out a held-out file without examples', async () => {
    await serve();
    const withoutHeldOut = trainingJob(folder.path, { heldOut: 0, round: 5 });
    writeFileSync(withoutHeldOut.heldOutFile, '\n');
    await openTrainer().train(withoutHeldOut, new TestMemory());
    expect(server.files).toHaveLength(1);
    expect(server.jobs[0]!.body).not.toHaveProperty('validation_file');
  });

  it.each([
    [-1, 2 ** 31 - 1],
    [2 ** 31 + 5, 5],
  ])('sends the seed %d as one that the API takes', async (seed, sent) => {
    await serve();
    await openTrainer().train({ ...job, seed }, new TestMemory());
    expect(server.jobs[0]!.body.seed).toBe(sent);
  });

  it('refuses fewer than ten examples before it sends anything', async () => {
    await serve();
    const few = trainingJob(folder.path, { count: 9, round: 9 });
    await expect(openTrainer().train(few, new TestMemory())).rejects.toMatchObject({
      code: 'TRAINING_FAILED',
      message: 'Fine-tuning takes at least 10 examples, and there are 9.',
      costMicroUsd: 0,
    });
    expect(server.routes).toEqual([]);
  });

  it('counts every token of every example in every epoch, plus a margin', async () => {
    await serve();
    const texts = job.examples.map(({ instruction, input = '', response }) => `${instruction}${input}${response}`);
    const tokens = texts.reduce((sum, text) => sum + countTokens(text), 0);
    const worst = openTrainer().worstCaseMicroUsd(job)!;
    expect(worst).toBeGreaterThan(tokens * 3 * 3);
    expect(openTrainer({ epochs: 6 }).worstCaseMicroUsd(job)).toBe(2 * worst);
    expect(Number.isSafeInteger(openTrainer({ trainingPrice: 1 }).worstCaseMicroUsd(job))).toBe(true);
  });

  it('counts the worst case as the cost if the server does not report trained tokens', async () => {
    await serve({ jobs: [{ statuses: ['succeeded'], extra: { trained_tokens: null } }] });
    const trainer = openTrainer();
    const trained = await trainer.train(job, new TestMemory());
    expect(trained.costMicroUsd).toBe(trainer.worstCaseMicroUsd(job));
    expect(trained.details).toMatchObject({ trainedTokens: null });
  });

  it.each([0, 5])('never costs less than our own count of what was trained on: the server says %d', async (said) => {
    await serve({ jobs: [{ statuses: ['succeeded'], extra: { trained_tokens: said } }] });
    const texts = job.examples.map(({ instruction, input = '', response }) => `${instruction}${input}${response}`);
    const counted = texts.reduce((sum, text) => sum + countTokens(text), 0);
    const trained = await openTrainer().train(job, new TestMemory());
    expect(trained.costMicroUsd).toBeGreaterThanOrEqual(counted * 3 * 3);
    expect(trained.details).toMatchObject({ trainedTokens: said, billedTokens: expect.any(Number) });
  });

  it('asks again, and submits nothing, while a job that succeeded has no model', async () => {
    await serve({ jobs: [{ statuses: ['succeeded'], extra: { fine_tuned_model: null } }] });
    const memory = new TestMemory();
    const trainer = openTrainer();
    await expect(trainer.train(job, memory)).rejects.toMatchObject({ code: 'PROVIDER' });
    await expect(trainer.train(job, memory)).rejects.toMatchObject({ code: 'PROVIDER' });
    expect(server.jobs).toHaveLength(1);
  });

  describe('when requests fail', () => {
    const faults: readonly [string, FineTuningFault][] = [
      ['a rate limit', { when: 'before', status: 429 }],
      ['a failure of the server', { when: 'before', status: 503 }],
      ['a connection dropped before the request arrived', { when: 'before', drop: true }],
      ['a connection dropped before the answer came', { when: 'after', drop: true }],
      ['an answer that was cut', { when: 'after', text: '{"id": "cut o' }],
    ];
    const cases = ALL_ROUTES.flatMap((route) => faults.map(([name, fault]) => ({ route, name, fault })));

    it.each(cases)('recovers from $name at $route, and still submits once', async ({ route, fault }) => {
      const seen = new Map<string, number>();
      await serve({
        // The first two of each kind.
        fault: (asked) => {
          seen.set(asked, (seen.get(asked) ?? 0) + 1);
          return asked === route && seen.get(asked)! <= 2 ? fault : undefined;
        },
      });
      const notes: string[] = [];
      const trained = await openTrainer().train(job, new TestMemory(), { onNote: (note) => notes.push(note) });
      expect(trained).toEqual(MODEL);
      expect(server.jobs).toHaveLength(1);
      expect(server.files).toHaveLength(2);
      expect(notes.filter((note) => note.includes('Asking again in')).length).toBeGreaterThan(0);
    });

    const LOST: [string, FineTuningFault][] = [
      ['dropped', { when: 'after', drop: true }],
      ['cut', { when: 'after', text: '{"id": "cut o' }],
      ['of another form', { when: 'after', text: '{"id": 5}' }],
    ];
    it.each(LOST)(
      'waits for a job to be listed before it submits another, where the answer was %s',
      async (_, fault) => {
        let lost = false;
        await serve({
          listsLate: 5,
          fault: (route) => {
            if (route !== CREATE || lost) return undefined;
            lost = true;
            return fault;
          },
        });
        const memory = new TestMemory();
        const train = () => openTrainer().train(job, memory);
        await expect(train().catch(train)).resolves.toEqual(MODEL);
        expect(server.jobs).toHaveLength(1);
      },
    );

    it('waits for it also after a crash, and with the notes of an earlier version', async () => {
      await serve({ listsLate: 5, fault: (route) => (route === LOOK ? { when: 'before', status: 401 } : undefined) });
      const memory = new TestMemory();
      await expect(openTrainer().train(job, memory)).rejects.toMatchObject({ status: 401 });
      const { mayBeCreated: _, ...notes } = memory.load()!;
      const earlier: JsonObject[] = [{ mayBeCreated: true }, {}];
      for (const known of earlier) {
        memory.save({ ...notes, jobId: null, ...known });
        await expect(openTrainer().train(job, memory)).rejects.toMatchObject({ status: 401 });
        expect(server.jobs).toHaveLength(1);
      }
    });

    it('submits another after minutes without a trace of the first, under the same idempotency key', async () => {
      let lost = false;
      await serve({
        fault: (route) => {
          if (route !== CREATE || lost) return undefined;
          lost = true;
          return { when: 'before', drop: true };
        },
      });
      const clock = new VirtualClock().runByItself();
      await expect(openTrainer({ clock }).train(job, new TestMemory())).resolves.toEqual(MODEL);
      expect(server.idempotencyKeys).toEqual(['campaign-r2', 'campaign-r2']);
      expect(clock.waitsMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(5 * 60_000);
    });

    it('does not look for a job that was refused', async () => {
      let refused = false;
      await serve({
        fault: (route) => {
          if (route !== CREATE || refused) return undefined;
          refused = true;
          return { when: 'before', status: 429 };
        },
      });
      await openTrainer().train(job, new TestMemory());
      expect(server.routes.filter((route) => route === 'GET /v1/fine_tuning/jobs')).toHaveLength(2);
    });

    it('finds a job among all others if the server does not filter', async () => {
      let dropped = false;
      await serve({
        ignoresFilter: true,
        fault: (route) => {
          if (dropped || route !== CREATE || server.jobs.length < 4) return undefined;
          dropped = true;
          return { when: 'after', drop: true };
        },
      });
      for (const round of [11, 12, 13, 14]) {
        await openTrainer().train(trainingJob(folder.path, { round }), new TestMemory());
      }
      await expect(openTrainer().train(job, new TestMemory())).resolves.toMatchObject({
        details: { jobId: 'ftjob-5' },
      });
      expect(server.jobs).toHaveLength(5);
    });

    it.each([
      [401, 'refused the API key'],
      [403, 'does not allow'],
    ])('gives up at once on %d, because waiting does not help', async (status, said) => {
      await serve({ fault: () => ({ when: 'before', status, message: `Incorrect API key provided: ${KEY}` }) });
      const error: unknown = await openTrainer()
        .train(job, new TestMemory())
        .catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'PROVIDER', message: expect.stringContaining(said) });
      expect(JSON.stringify([error, (error as Error).message, (error as Error).stack])).not.toContain(KEY);
      expect(server.routes).toHaveLength(1);
    });

    it('gives up on a server that stays down, and continues when it is up again', async () => {
      let down = true;
      await serve({ fault: (route) => (down && route === LOOK ? { when: 'before', status: 500 } : undefined) });
      const memory = new TestMemory();
      await expect(openTrainer().train(job, memory)).rejects.toMatchObject({ code: 'PROVIDER' });
      down = false;
      await expect(openTrainer().train(job, memory)).resolves.toEqual(MODEL);
      expect(server.jobs).toHaveLength(1);
    });

    it('looks for its files again after a rejected job, because they may be the reason', async () => {
      let turnedDown = 0;
      await serve({
        fault: (route) => {
          if (route !== CREATE || turnedDown > 0) return undefined;
          turnedDown += 1;
          return { when: 'before', status: 400, message: 'No such File object: file-1' };
        },
      });
      const memory = new TestMemory();
      await expect(openTrainer().train(job, memory)).rejects.toThrow('No such File object: file-1');
      expect(memory.load()).toMatchObject({ attempt: 1, trainingFile: null, jobId: null });
      await expect(openTrainer().train(job, memory)).resolves.toEqual(MODEL);
      expect(server.files).toHaveLength(2);
    });

    it('does not submit again a job that the key does not show', async () => {
      await serve();
      const memory = new TestMemory();
      memory.save({
        trainer: 'openai',
        attempt: 1,
        trainingFile: 'file-1',
        validationFile: null,
        jobId: 'ftjob-other',
      });
      await expect(openTrainer().train(job, memory)).rejects.toMatchObject({
        message: expect.stringContaining('There is no fine-tuning job ftjob-other'),
        hint: expect.stringContaining('OPENAI_API_KEY'),
      });
      expect(server.jobs).toHaveLength(0);
    });

    it('never uses a file of another size as its own', async () => {
      await serve();
      const longer = trainingJob(folder.path, { count: 15, round: 21 });
      await openTrainer().train(trainingJob(folder.path, { count: 12, round: 22 }), new TestMemory());
      await openTrainer().train({ ...longer, key: 'campaign-r22-b' }, new TestMemory());
      const memory = new TestMemory();
      await openTrainer().train({ ...longer, key: 'campaign-r22' }, memory);
      expect(server.files.filter(({ filename }) => filename === 'campaign-r22.jsonl')).toHaveLength(2);
    });
  });

  describe('when the job fails', () => {
    it.each([
      ['failed', { error: { message: 'The job failed due to an invalid training file.' } }, 0],
      ['failed', { trained_tokens: 1_000_000 }, 3_000_000],
      ['cancelled', { trained_tokens: 500_000 }, 1_500_000],
    ])('says why it %s (%j), what it cost, and submits a new one the next time', async (status, extra, cost) => {
      await serve({ jobs: [{ statuses: ['running', status], extra }, { statuses: ['succeeded'] }] });
      const memory = new TestMemory();
      const because = 'error' in extra ? ': The job failed due to an invalid training file' : '';
      await expect(openTrainer().train(job, memory)).rejects.toMatchObject({
        code: 'TRAINING_FAILED',
        message: `The fine-tuning job ftjob-1 ${status === 'failed' ? 'failed' : 'was cancelled'}${because}.`,
        costMicroUsd: cost,
      });
      await expect(openTrainer().train(job, memory)).resolves.toMatchObject({
        details: { jobId: 'ftjob-2', attempt: 2 },
      });
      expect(server.jobs[1]!.metadata).toEqual({ winnow: 'campaign-r2-attempt-2' });
    });

    it('counts a cancelled job at its worst case if its progress is unknown', async () => {
      await serve({ jobs: [{ statuses: ['cancelled'] }] });
      const trainer = openTrainer();
      await expect(trainer.train(job, new TestMemory())).rejects.toMatchObject({
        costMicroUsd: trainer.worstCaseMicroUsd(job),
      });
    });
  });

  describe('when it is told to stop', () => {
    it.each(['signal', 'abandon'] as const)(
      'leaves the job running on %s, says so, and finds it again',
      async (which) => {
        await serve({ jobs: [{ statuses: ['running', 'running', 'running', 'succeeded'] }] });
        const stop = new AbortController();
        const memory = new TestMemory();
        const notes: string[] = [];
        const onNote = (note: string) => {
          notes.push(note);
          if (note.includes('running')) stop.abort(new Error('leaving'));
        };
        const left = openTrainer().train(job, memory, { [which]: stop.signal, onNote });
        await expect(left).rejects.toThrow('leaving');
        expect(notes.at(-1)).toMatch(/^job ftjob-1 goes on at .*\/v1 and will be billed: .* or cancel it there$/);
        await expect(openTrainer().train(job, memory)).resolves.toEqual(MODEL);
        expect(server.jobs).toHaveLength(1);
      },
    );

    it('waits for the id of a job that is being submitted', async () => {
      const stop = new AbortController();
      await serve({
        fault: (route) => {
          if (route === CREATE) stop.abort(new Error('leaving'));
          return undefined;
        },
      });
      const memory = new TestMemory();
      await expect(openTrainer().train(job, memory, { signal: stop.signal })).rejects.toThrow('leaving');
      expect(memory.load()).toMatchObject({ jobId: 'ftjob-1' });
    });

    it('starts nothing if the signal was aborted before', async () => {
      await serve();
      const signal = AbortSignal.abort(new Error('leaving'));
      await expect(openTrainer().train(job, new TestMemory(), { signal })).rejects.toThrow('leaving');
      expect(server.routes).toEqual([]);
    });
  });
});
