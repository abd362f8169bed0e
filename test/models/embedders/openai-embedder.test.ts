import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { BudgetCaps } from '../../../src/domain/ledger.ts';
import { rowOf } from '../../../src/math/embedding-matrix.ts';
import { seededRandom } from '../../../src/math/random.ts';
import { cachedEmbedder } from '../../../src/models/embedders/cached-embedder.ts';
import { type OpenAiEmbedderOptions, openAiEmbedder } from '../../../src/models/embedders/openai-embedder.ts';
import { SqliteVectorCache } from '../../../src/models/embedders/sqlite-vector-cache.ts';
import { embeddingTokens, textBatches } from '../../../src/models/embedders/text-batches.ts';
import { unitRows } from '../../../src/models/embedders/unit-rows.ts';
import { MeteredCaller } from '../../../src/models/metering/metered-caller.ts';
import { parsePrice } from '../../../src/models/metering/prices.ts';
import { countTokens } from '../../../src/models/metering/token-count.ts';
import { PROVIDERS } from '../../../src/models/providers/registry.ts';
import type { ServerMemory, ServerNotes } from '../../../src/models/providers/server-memory.ts';
import { MemoryLedger } from '../../support/memory-ledger.ts';
import { type EmbeddingAnswerer, startOpenAiServer, testVector } from '../../support/openai-server.ts';
import type { ProviderServer, ServerOptions } from '../../support/provider-server.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const texts = (count: number) => Array.from({ length: count }, (_, number) => `text number ${number}`);

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

describe('openAiEmbedder', () => {
  let server: ProviderServer;

  afterEach(() => server?.close());

  async function setUp(
    embed?: EmbeddingAnswerer,
    {
      caps = {},
      provider = 'openai',
      hold,
      ...options
    }: Partial<OpenAiEmbedderOptions> & Pick<ServerOptions, 'hold'> & { caps?: BudgetCaps; provider?: string } = {},
  ) {
    server = await startOpenAiServer({ ...(embed ? { embed } : {}), ...(hold ? { hold } : {}) });
    const ledger = new MemoryLedger(caps);
    const caller = new MeteredCaller({
      ledger,
      clock: new VirtualClock().runByItself(),
      random: seededRandom(1),
      maxConcurrency: 4,
    });
    const embedder = openAiEmbedder(PROVIDERS.find(provider), {
      model: 'test-embedding',
      apiKey: 'sk-x',
      baseUrl: `${server.url}/v1`,
      price: parsePrice('0.02,0'),
      caller,
      ...options,
    });
    return { embedder, ledger };
  }

  it('gives unit vectors in the order of the texts, in any order they come', async () => {
    const { embedder } = await setUp();
    const given = texts(600);
    const matrix = await embedder.embed(given);
    expect([matrix.rows, matrix.columns]).toEqual([600, 8]);
    for (const row of [0, 1, 255, 256, 599]) {
      const expected = unit(testVector(given[row]!));
      expect([...rowOf(matrix, row)]).toEqual(expected.map((value) => expect.closeTo(value, 6)));
    }
  });

  it('sends at most 256 texts a request, several requests at once, and as floats', async () => {
    // Without all three at once, none would be answered.
    const { embedder } = await setUp(undefined, { hold: (_, { received }) => received(3) });
    await embedder.embed(texts(600));
    expect(server.requests.map(({ body }) => (body.input as string[]).length).sort()).toEqual([256, 256, 88]);
    expect(server.requests.every(({ body }) => body.encoding_format === 'float')).toBe(true);
    expect(server.mostAtOnce).toBe(3);
  });

  it('reports its progress', async () => {
    const { embedder } = await setUp();
    const seen: number[] = [];
    await embedder.embed(texts(600), { onProgress: ({ done, total }) => seen.push(done, total ?? Number.NaN) });
    expect(seen).toHaveLength(6);
    expect(seen.slice(-2)).toEqual([600, 600]);
  });

  it('pays what the server says it used', async () => {
    const { embedder, ledger } = await setUp(undefined, { price: parsePrice('2,0') });
    await embedder.embed(['abcd'.repeat(100)]);
    expect(ledger.spending()).toMatchObject({ settledMicroUsd: 200, inputTokens: 100, outputTokens: 0 });
    expect(ledger.attempts[0]!.call).toMatchObject({ kind: 'embed', subject: 'texts 1 to 1 of 1' });
  });

  it('pays its worst case where the server does not say', async () => {
    const { embedder, ledger } = await setUp(
      (batch) => ({ vectors: batch.map((text) => testVector(text)), usageMissing: true }),
      { provider: 'compatible', price: parsePrice('1,0') },
    );
    const text = 'one two three four';
    await embedder.embed([text]);
    expect(ledger.spending().settledMicroUsd).toBe(embeddingTokens('compatible', 'm').most(text));
  });

  it('hands the vectors out before their cost is settled', async () => {
    const { embedder, ledger } = await setUp();
    const stored = new Map<number, readonly number[]>();
    const states: number[] = [];
    const given = texts(300);
    const matrix = await embedder.embed(given, {
      onVectors: (first, vectors) => {
        states.push(ledger.states.reserved);
        for (let row = 0; row < vectors.rows; row += 1) stored.set(first + row, [...rowOf(vectors, row)]);
      },
    });
    expect(Math.min(...states)).toBeGreaterThan(0);
    expect(stored.size).toBe(300);
    expect(stored.get(257)).toEqual([...rowOf(matrix, 257)]);
  });

  it('keeps the reservation when the vectors cannot be stored', async () => {
    const { embedder, ledger } = await setUp();
    const broken = () => {
      throw new Error('disk full');
    };
    await expect(embedder.embed(['a'], { onVectors: broken })).rejects.toThrow('disk full');
    expect(ledger.states).toEqual({ reserved: 0, settled: 0, released: 0, lost: 1 });
  });

  it('tries again after a fault that passes', async () => {
    let requests = 0;
    const { embedder, ledger } = await setUp((batch) => {
      requests += 1;
      if (requests === 1) return { fault: 'status', status: 429, headers: { 'retry-after-ms': '1' } };
      if (requests === 2) return { fault: 'drop', when: 'middle' };
      return { vectors: batch.map((text) => testVector(text)) };
    });
    const matrix = await embedder.embed(texts(2));
    expect(matrix.rows).toBe(2);
    expect(ledger.attempts.map(({ state }) => state)).toEqual(['released', 'lost', 'settled']);
  });

  it('drops the batches that wait after a failure, and throws the first one', async () => {
    const { embedder, ledger } = await setUp(() => ({ fault: 'status', status: 401 }));
    await expect(embedder.embed(texts(256 * 20))).rejects.toMatchObject({ code: 'PROVIDER', status: 401 });
    // Four at once; a slot that comes free may be taken before the failure gets around.
    expect(server.requests.length).toBeLessThanOrEqual(8);
    expect(ledger.states.reserved).toBe(0);
  });

  it('stops at a cap before it is exceeded', async () => {
    const { embedder } = await setUp(undefined, { caps: { maxCalls: 2 } });
    await expect(embedder.embed(texts(600))).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED', cap: 'calls' });
    expect(server.requests).toHaveLength(2);
  });

  it('rejects with the reason of the signal', async () => {
    const { embedder } = await setUp();
    const reason = new Error('Ctrl-C');
    await expect(embedder.embed(['a'], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  it('cuts texts to what the model takes, and sends no empty text', async () => {
    const { embedder } = await setUp(undefined, { maxInputTokens: 4 });
    const matrix = await embedder.embed(['one two three four five six seven', '', ' \n']);
    expect(server.requests[0]!.body.input).toEqual(['one two three four', ' ', ' ']);
    expect(matrix.rows).toBe(3);
  });

  describe('with a server that takes less', () => {
    const words = (count: number) => Array.from({ length: count }, (_, number) => `word${number % 10}`).join(' ');
    const sizes = () => server.requests.map(({ body }) => (body.input as string[]).length);

    /** Refuses requests of more texts, or of longer ones, in the words of real servers. */
    const limited =
      (most: { texts?: number; tokens?: number }, status: number, message: string): EmbeddingAnswerer =>
      (batch) => {
        const tooMany = batch.length > (most.texts ?? Number.POSITIVE_INFINITY);
        const tooLong = batch.some(
          (text) => countTokens(text, 'cl100k_base') > (most.tokens ?? Number.POSITIVE_INFINITY),
        );
        return tooMany || tooLong
          ? { fault: 'status', status, message }
          : { vectors: batch.map((text) => testVector(text)) };
      };

    it.each([
      [413, 'Payload Too Large'],
      [422, 'batch size 256 > maximum allowed batch size 32'],
      [500, 'input is too large to process. increase the physical batch size'],
    ])('finds how many texts a request may have by halving, after a %d, and remembers it', async (status, message) => {
      const { embedder, ledger } = await setUp(limited({ texts: 100 }, status, message));
      const given = texts(256);
      const handedOut = new Set<number>();
      const matrix = await embedder.embed(given, {
        onVectors: (first, { rows }) => {
          for (let row = 0; row < rows; row += 1) handedOut.add(first + row);
        },
      });
      expect(sizes()).toEqual([256, 128, 64, 64, 64, 64]);
      for (const row of [0, 70, 255]) {
        expect([...rowOf(matrix, row)]).toEqual(unit(testVector(given[row]!)).map((value) => expect.closeTo(value, 6)));
      }
      expect(handedOut.size).toBe(256);
      await embedder.embed(texts(128));
      expect(sizes().slice(6)).toEqual([64, 64]);
      expect(ledger.states).toMatchObject({ lost: 0, reserved: 0, released: 2 });
    });

    it('leaves out the texts that its content filter refuses, and says how many', async () => {
      const notes: string[] = [];
      const refuses = (batch: readonly string[]) => batch.some((text) => text.endsWith(' 7') || text.endsWith(' 90'));
      const message = "The input triggered Azure OpenAI's content management policy.";
      const { embedder, ledger } = await setUp(
        (batch) =>
          refuses(batch)
            ? { fault: 'status', status: 400, message }
            : { vectors: batch.map((text) => testVector(text)) },
        { onNote: (note) => notes.push(note), price: parsePrice('2,0') },
      );
      const given = texts(256);
      const matrix = await embedder.embed(given);
      const withoutVector = given.flatMap((_, row) => (rowOf(matrix, row).every((value) => value === 0) ? [row] : []));
      expect(withoutVector).toEqual([7, 90]);
      expect([...rowOf(matrix, 255)]).toEqual(unit(testVector(given[255]!)).map((value) => expect.closeTo(value, 6)));
      expect(notes).toEqual([
        "2 texts were refused by the embedding server's content filter and cannot be picked by vectors.",
      ]);
      expect(ledger.states).toMatchObject({ lost: 0, reserved: 0 });
      const before = sizes().length;
      await embedder.embed(texts(5));
      expect(sizes().slice(before)).toEqual([5]);
    });

    it('asks for refused texts alone in the next run, which goes on without their vectors', async () => {
      const cache = new SqliteVectorCache(':memory:');
      const given = ['good', 'bad', 'fine'];
      for (const sent of [[given, ['good', 'bad'], ['good'], ['bad'], ['fine']], [['bad']]]) {
        const { embedder } = await setUp((batch) =>
          batch.includes('bad')
            ? { fault: 'status', status: 400, message: 'content_filter' }
            : { vectors: batch.map((text) => testVector(text)) },
        );
        const matrix = await cachedEmbedder(embedder, cache).embed(given);
        expect([matrix.rows, matrix.columns]).toEqual([3, 8]);
        expect([...rowOf(matrix, 1)]).toEqual(Array(8).fill(0));
        expect(server.requests.map(({ body }) => body.input)).toEqual(sent);
        await server.close();
      }
    });

    it('gives rows without columns where all texts are refused', async () => {
      const { embedder } = await setUp(() => ({ fault: 'status', status: 400, message: 'content_filter' }));
      const cached = cachedEmbedder(embedder, new SqliteVectorCache(':memory:'));
      expect(await cached.embed(texts(3))).toMatchObject({ rows: 3, columns: 0 });
    });

    it('begins the next run with what this one found', async () => {
      let notes: ServerNotes = {};
      const servers: ServerMemory = {
        recall: () => notes,
        keep: (_, more) => {
          notes = { ...notes, ...more };
        },
        forget: () => undefined,
      };
      const { embedder } = await setUp(limited({ texts: 100 }, 413, 'Payload Too Large'), { servers });
      await embedder.embed(texts(256));
      expect(notes.embedding).toEqual({ mostTexts: 64, mostTokens: 8_191 });
      await server.close();
      const { embedder: next, ledger } = await setUp(limited({ texts: 100 }, 413, 'Payload Too Large'), { servers });
      await next.embed(texts(256));
      expect(sizes()).toEqual([64, 64, 64, 64]);
      expect(ledger.states.released).toBe(0);
    });

    it('cuts texts to what it takes, and says how many', async () => {
      const notes: string[] = [];
      const { embedder } = await setUp(
        limited({ tokens: 100 }, 400, 'This model has a maximum context length of 100.'),
        {
          onNote: (note) => notes.push(note),
        },
      );
      const matrix = await embedder.embed([words(1_000), 'short']);
      expect(matrix.rows).toBe(2);
      const { input } = server.requests.at(-1)!.body as { input: string[] };
      expect(words(1_000).startsWith(input[0]!) || input[0] === 'short').toBe(true);
      expect(notes).toEqual([expect.stringMatching(/^1 text was longer than the \d+ tokens/)]);
      const before = server.requests.length;
      await embedder.embed([words(900)]);
      expect(server.requests).toHaveLength(before + 1);
    });

    it('averages the parts of a long text where that is wanted, in a space of its own', async () => {
      const { embedder } = await setUp(undefined, { longTexts: 'average', maxInputTokens: 8 });
      const text = words(30);
      const matrix = await embedder.embed(['short', text]);
      const parts = (server.requests[0]!.body.input as string[]).slice(1);
      expect(parts.join('')).toBe(text);
      expect(parts.length).toBeGreaterThan(3);
      const sum = parts.reduce<number[]>(
        (total, part) => unit(testVector(part)).map((value, at) => value * part.length + (total[at] ?? 0)),
        [],
      );
      expect([...rowOf(matrix, 1)]).toEqual(unit(sum).map((value) => expect.closeTo(value, 5)));
      expect(embedder.space).toBe('openai/test-embedding, long texts averaged');
    });

    it('averages a text of more parts than a request may have', async () => {
      const { embedder } = await setUp(limited({ texts: 3 }, 413, 'too large'), {
        longTexts: 'average',
        maxInputTokens: 8,
      });
      const stored: number[] = [];
      const matrix = await embedder.embed([words(60)], { onVectors: (first) => stored.push(first) });
      expect(matrix.rows).toBe(1);
      expect(Math.hypot(...rowOf(matrix, 0))).toBeCloseTo(1, 5);
      expect(stored).toEqual([0]);
    });

    it('passes on a refusal that is about something else, and one of a short text', async () => {
      const { embedder } = await setUp(() => ({ fault: 'status', status: 400, message: 'no such encoding' }));
      await expect(embedder.embed(texts(4))).rejects.toMatchObject({ status: 400 });
      expect(server.requests).toHaveLength(1);
      await server.close();
      const other = await setUp(() => ({ fault: 'status', status: 413 }));
      await expect(other.embedder.embed(['short'])).rejects.toMatchObject({ status: 413 });
    });
  });

  it('gives an empty matrix for no texts, without a request', async () => {
    const { embedder } = await setUp();
    await expect(embedder.embed([])).resolves.toMatchObject({ rows: 0 });
    expect(server.requests).toHaveLength(0);
  });

  it('asks for shorter vectors where that is wanted, which are a space of their own', async () => {
    const { embedder } = await setUp(undefined, { dimensions: 4 });
    await expect(embedder.embed(['a'])).resolves.toMatchObject({ columns: 4 });
    expect(server.requests[0]!.body.dimensions).toBe(4);
    expect(embedder.space).toBe('openai/test-embedding@4');
  });

  it('keeps the spaces of different servers apart', async () => {
    const { embedder } = await setUp(undefined, { provider: 'compatible' });
    expect(embedder.space).toBe(`compatible/${server.url}/v1/test-embedding`);
  });

  it.each<[string, EmbeddingAnswerer, Partial<OpenAiEmbedderOptions>]>([
    ['one vector too few', (batch) => ({ vectors: batch.slice(1).map((text) => testVector(text)) }), {}],
    ['one vector too many', (batch) => ({ vectors: [...batch, 'x'].map((text) => testVector(text)) }), {}],
    ['an index twice', (batch) => ({ vectors: batch.map((text) => testVector(text)), indexes: [0, 0] }), {}],
    ['vectors of different lengths', () => ({ vectors: [[1, 2], [1]] }), {}],
    ['vectors without dimensions', () => ({ vectors: [[], []] }), {}],
    ['a length that was not asked for', (batch) => ({ vectors: batch.map((t) => testVector(t)) }), { dimensions: 4 }],
    [
      'a length the model does not have',
      (batch) => ({ vectors: batch.map((t) => testVector(t)) }),
      { model: 'text-embedding-3-small' },
    ],
  ])('refuses %s, and stores nothing of it', async (_, answerer, options) => {
    const { embedder, ledger } = await setUp(answerer, options);
    let handedOut = 0;
    await expect(
      embedder.embed(['a', 'b'], {
        onVectors: () => {
          handedOut += 1;
        },
      }),
    ).rejects.toMatchObject({ code: 'EMBEDDING' });
    expect(handedOut).toBe(0);
    expect(ledger.states.lost).toBe(1);
  });
});

describe('textBatches', () => {
  const TOKENS = embeddingTokens('openai', 'text-embedding-3-small');

  it('covers the texts in order, within both limits', () => {
    const text = fc.oneof(
      fc.constant('short'),
      fc.nat({ max: 40 }).map((repeats) => 'word '.repeat(repeats * 1_000)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), (given) => {
        const batches = textBatches(given, TOKENS);
        expect(batches.flatMap((batch) => batch.texts)).toEqual(given);
        for (const batch of batches) {
          expect(given[batch.first]).toBe(batch.texts[0]);
          expect(batch.texts.length === 1 || batch.tokens <= 100_000).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
    // A batch may be exactly full.
    const half = ' word'.repeat(50_000);
    expect(textBatches([half, half], TOKENS).map(({ tokens }) => tokens)).toEqual([100_000]);
    expect(textBatches([half, `${half} word`], TOKENS).map(({ tokens }) => tokens)).toEqual([50_000, 50_001]);
    expect(textBatches([half, half, ' word'], TOKENS).map(({ first }) => first)).toEqual([0, 2]);
    expect(
      textBatches(
        Array.from({ length: 513 }, () => 'a'),
        TOKENS,
      ).map((batch) => batch.texts.length),
    ).toEqual([256, 256, 1]);
  });
});

describe('unitRows', () => {
  it('leaves a vector without direction a row of zeros', () => {
    expect([...unitRows([[0, 0], [3, 4], [1, null], [Number.POSITIVE_INFINITY, 1], []]).data]).toEqual([
      ...[0, 0],
      ...[Math.fround(0.6), Math.fround(0.8)],
      ...[0, 0, 0, 0, 0, 0],
    ]);
  });

  it('refuses vectors of different lengths', () => {
    expect(() => unitRows([[1, 2], [1]])).toThrow(expect.objectContaining({ code: 'EMBEDDING' }));
  });

  it('makes every row as long as one', () => {
    const value = fc.float({ min: Math.fround(-1e6), max: Math.fround(1e6), noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1 }), (vectors) => {
        const matrix = unitRows(vectors);
        for (let row = 0; row < matrix.rows; row += 1) expect(Math.hypot(...rowOf(matrix, row))).toBeCloseTo(1, 5);
      }),
    );
  });
});
