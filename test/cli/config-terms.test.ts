import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { asCampaignError, inConfigTerms } from '../../src/cli/config-terms.ts';
import { ProviderError, UsageError } from '../../src/domain/errors.ts';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));
/** What a campaign works with and `pick` does too, so that advice in it may name options of `pick`. */
const SHARED = ['assembly', 'embedders', 'llm', 'metering', 'pool', 'strategies'];
/** They are for what a campaign has not, as vectors from a file, or check a command line: winnow.yaml has a schema. */
const ELSEWHERE = [
  'assembly/option-checks.ts',
  'assembly/run-options.ts',
  'embedders/npy.ts',
  'embedders/precomputed.ts',
  'pool/categories.ts',
];
const OWN_WORDS = /--(?:price|embedding-price|state)\b/;

function literals(): { file: string; text: string }[] {
  return SHARED.flatMap((folder) =>
    readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !ELSEWHERE.includes(join(folder, name)))
      .flatMap((name) => {
        const code = readFileSync(join(SOURCE, folder, name), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
        const texts = code.match(/'[^'\n]*--[a-z][^'\n]*'|`[^`]*--[a-z][^`]*`/g) ?? [];
        return texts.map((text) => ({ file: join(folder, name), text }));
      }),
  );
}

describe('advice of a campaign', () => {
  it('names no option of pick, wherever it comes from', () => {
    const advice = literals().filter(({ text }) => !OWN_WORDS.test(text));
    expect(advice.length).toBeGreaterThan(5);
    expect(advice.filter(({ text }) => /--[a-z]/.test(inConfigTerms(text)))).toEqual([]);
  });

  it('stays wrong usage where it was, and leaves the options of its own commands', () => {
    const error = asCampaignError(new UsageError('Too many candidates.', 'Lower --items-per-query.'));
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ hint: 'Lower itemsPerQuery under rounds in winnow.yaml.' });
    expect(asCampaignError(new UsageError('Nobody can be asked.', 'Add --yes to agree.'))).toMatchObject({
      message: 'Nobody can be asked.',
      hint: 'Add --yes to agree.',
    });
  });

  it('says where to look when a provider cannot be reached', () => {
    const failure = { provider: 'openai', retryable: false, billing: 'none' } as const;
    const error = new ProviderError('Cannot be reached.', failure, { hint: 'Check --base-url and the network.' });
    expect(asCampaignError(error)).toMatchObject({ hint: 'Check baseUrl in winnow.yaml, and the network.' });
  });
});
