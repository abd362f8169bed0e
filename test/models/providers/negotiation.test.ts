import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ProviderError } from '../../../src/domain/errors.ts';
import type { Dialect } from '../../../src/models/providers/dialect.ts';
import type { LlmRequest } from '../../../src/models/providers/llm-client.ts';
import { Negotiation } from '../../../src/models/providers/negotiation.ts';
import { chooseRequest } from '../../../src/testing/choose-request.ts';

const FIRST: Dialect = {
  formats: ['json_schema', 'json_object', 'none'],
  bounds: true,
  outputLimits: ['max_tokens', 'max_completion_tokens'],
  temperature: true,
  topLogprobs: [20, 5],
};

const bounded: LlmRequest = {
  ...chooseRequest(),
  schema: { name: 'choice', definition: z.string(), bounded: z.enum(['a', 'b']) },
};

function refusal(status: number, said = ''): ProviderError {
  const message = `The server rejected the request (${status})${said === '' ? '.' : `: ${said}`}`;
  const retryable = status === 500;
  return new ProviderError(message, { provider: 'compatible', status, retryable, billing: 'none', said });
}

/** A server that takes what the rule lets through, and what it was sent. */
function server(refuse: (dialect: Dialect) => ProviderError | undefined) {
  const tries: Dialect[] = [];
  const attempt = async (dialect: Dialect) => {
    tries.push(dialect);
    const error = refuse(dialect);
    if (error) throw error;
    return 'yes';
  };
  return { tries, attempt };
}

describe('a refusal that names nothing', () => {
  it.each([400, 422, 500])('%d: the schema goes first, then JSON, and what works is remembered', async (status) => {
    const { tries, attempt } = server(({ formats }) => (formats[0] === 'none' ? undefined : refusal(status)));
    const negotiation = new Negotiation(FIRST);
    if (status === 500) await expect(negotiation.send(bounded, attempt)).rejects.toMatchObject({ retryable: true });
    await negotiation.send(bounded, attempt);
    const asked = tries.map(({ formats }) => formats[0]);
    expect(asked.slice(status === 500 ? 1 : 0)).toEqual(['json_schema', 'json_object', 'none']);
    await negotiation.send(bounded, attempt);
    expect(tries.at(-1)!.formats).toEqual(['none']);
    expect(tries).toHaveLength(asked.length + 1);
  });

  it.each(['Bad Request', 'An unexpected error occurred while processing your request.', 'Internal Server Error', ''])(
    '%j says nothing',
    async (said) => {
      const { tries, attempt } = server(({ temperature }) => (temperature ? refusal(400, said) : undefined));
      await new Negotiation(FIRST).send(bounded, attempt);
      expect(tries.map(({ formats, temperature }) => [formats[0], temperature])).toEqual([
        ['json_schema', true],
        ['json_object', true],
        ['none', true],
        ['none', false],
      ]);
    },
  );

  it('leaves log-probabilities out, and renames the limit, last', async () => {
    const { tries, attempt } = server(({ outputLimits }) =>
      outputLimits[0] === 'max_tokens' ? refusal(400) : undefined,
    );
    await new Negotiation(FIRST).send({ ...bounded, topLogprobs: 10 }, attempt);
    expect(tries.map(({ topLogprobs }) => topLogprobs.length)).toEqual([2, 2, 2, 2, 0, 0]);
    expect(tries.at(-1)!.outputLimits).toEqual(['max_completion_tokens']);
  });

  it('is final where the plainest request is refused too; no other request is tried in that way', async () => {
    const { tries, attempt } = server(() => refusal(500));
    const negotiation = new Negotiation(FIRST);
    await expect(negotiation.send(bounded, attempt)).rejects.toMatchObject({ retryable: true });
    await expect(negotiation.send(bounded, attempt)).rejects.toMatchObject({
      retryable: false,
      status: 500,
      message: expect.stringContaining('plainest request'),
    });
    const before = tries.length;
    await expect(negotiation.send(bounded, attempt)).rejects.toMatchObject({ status: 500 });
    expect(tries).toHaveLength(before + 1);
    // What was left out in vain is asked for again.
    expect(tries.at(-1)).toEqual(FIRST);
  });

  it('changes nothing on a server that answered such a request before', async () => {
    let isDown = false;
    const { tries, attempt } = server(() => (isDown ? refusal(500) : undefined));
    const negotiation = new Negotiation(FIRST);
    await negotiation.send(bounded, attempt);
    isDown = true;
    for (let again = 0; again < 2; again += 1) {
      await expect(negotiation.send({ ...bounded }, attempt)).rejects.toMatchObject({ status: 500 });
    }
    expect(new Set(tries.slice(0, 2).map(({ formats }) => formats[0]))).toEqual(new Set(['json_schema']));
  });

  it('is not what a refusal with a reason is', async () => {
    const { tries, attempt } = server(() => refusal(400, 'The image cannot be decoded.'));
    await expect(new Negotiation(FIRST).send(bounded, attempt)).rejects.toMatchObject({ status: 400 });
    expect(tries).toHaveLength(1);
  });
});

describe('a refusal that names what it refuses', () => {
  it.each([400, 422, 500, 501])('%d: bounds go before the schema', async (status) => {
    const said = 'Invalid schema for response_format: enum is not permitted.';
    const { tries, attempt } = server(({ bounds }) => (bounds ? refusal(status, said) : undefined));
    await new Negotiation(FIRST).send(bounded, attempt);
    expect(tries.map(({ formats, bounds }) => [formats[0], bounds])).toEqual([
      ['json_schema', true],
      ['json_schema', false],
    ]);
  });

  it('leaves the schema alone where a request has none', async () => {
    const { tries, attempt } = server(() => refusal(400, 'grammar is not supported'));
    const { schema: _, ...plain } = bounded;
    await expect(new Negotiation(FIRST).send(plain, attempt)).rejects.toMatchObject({ status: 400 });
    expect(tries).toHaveLength(1);
  });
});
