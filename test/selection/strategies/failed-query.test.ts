import { expect, it } from 'vitest';
import { ProviderError, ReplyError } from '../../../src/domain/errors.ts';
import { option, sentence, spellWording, type Wording } from '../../../src/domain/wording.ts';
import { failedQuery, failedQueryAdvice } from '../../../src/selection/strategies/failed-query.ts';

const AGAIN = 'Ask again.';
const failure = { provider: 'openai', status: 400, retryable: false, billing: 'none' } as const;
const refused = new ProviderError('too long (400)', failure, { hint: sentence`Lower ${option('itemsPerQuery')}.` });
const inFlags = (wording: Wording) => spellWording(wording, ({ name }) => `--${name}`);

it.each([
  ['replies that cannot be used', [new ReplyError('no JSON')], 'Ask again.'],
  ['replies that were cut off', [new ReplyError('cut', 0, 'Give it room.')], 'Give it room. Ask again.'],
  ['requests that are refused', [refused, refused], 'Lower --itemsPerQuery. Then run the same command again.'],
  [
    'requests refused without advice',
    [new ProviderError('no', failure)],
    'The provider refuses these requests. Then run the same command again.',
  ],
  ['both', [new ReplyError('no JSON'), refused], 'Lower --itemsPerQuery. Ask again.'],
  ['a server that was down', [new ProviderError('down', { ...failure, status: 503, retryable: true })], 'Ask again.'],
])('advice on %s', (_, errors, advice) => {
  expect(
    inFlags(
      failedQueryAdvice(
        errors.map((error, query) => failedQuery(query, error)),
        AGAIN,
      ),
    ),
  ).toBe(advice);
});
