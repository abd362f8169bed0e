import { stripVTControlCharacters as plain } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { CampaignStatus } from '../../../src/campaign/status.ts';
import { renderCaps, renderMoney } from '../../../src/cli/output/render-money.ts';

const account = (settledMicroUsd: number, reservedMicroUsd = 0) => ({ settledMicroUsd, reservedMicroUsd });

/** Only what money is told of. */
function status({
  caps = {},
  room = {},
  labels = {},
}: {
  caps?: CampaignStatus['caps'];
  room?: CampaignStatus['room'];
  labels?: Partial<CampaignStatus['spending']['labels']>;
}): CampaignStatus {
  const spending = {
    llm: account(1_234_567),
    labels: { ...account(5_000_000, 2_500_000), settledLabels: 10, reservedLabels: 5, ...labels },
    training: account(0),
    total: account(6_234_567, 2_500_000),
  };
  return { spending, caps, room } as CampaignStatus;
}

describe('money', () => {
  it('is told by account to the last digit that counts, or to the micro-dollar', () => {
    const shown = plain(renderMoney(status({ room: { totalMicroUsd: 1_265_433 } }), 80, false));
    expect(shown).toMatch(/\n +LLM calls +\$1\.234567 +\$0\.00 +no cap\n +labels +\$5\.00 +\$2\.50 +no cap\n/);
    expect(shown).toMatch(/\n +total +\$6\.234567 +\$2\.50 +\$1\.265433$/);
    expect(plain(renderMoney(status({}), 80, true))).toMatch(/\n +training +\$0\.000000 +\$0\.000000 +no cap\n/);
  });
});

describe('caps', () => {
  it('are not told of where there are none', () => {
    expect(renderCaps(status({}), 80)).toBeUndefined();
  });

  it('are drawn with what is used and what is set aside, rounded down so that only what is used up says so', () => {
    const caps = { labels: 20, llmMicroUsd: 1_234_568, labelMicroUsd: 10_000_000, totalMicroUsd: 8_734_567 };
    expect(`\n${plain(renderCaps(status({ caps }), 80)!)}\n`).toBe(`
Caps: █ used, ▒ set aside
  labels        ██████████▒▒▒▒▒░░░░░                15 of 20   75 %
  on LLM calls  ███████████████████░  $1.234567 of $1.234568   99 %
  on labels     ██████████▒▒▒▒▒░░░░░         $7.50 of $10.00   75 %
  in all        ██████████████▒▒▒▒▒▒  $8.734567 of $8.734567  100 %
`);
  });

  it.each([29, 57, 58])('of which %i of 100 are used are used by as many percent', (settledLabels) => {
    const labels = { settledLabels, reservedLabels: 0 };
    expect(plain(renderCaps(status({ caps: { labels: 100 }, labels }), 80)!)).toMatch(
      new RegExp(` ${settledLabels} of 100 +${settledLabels} %$`),
    );
  });

  it('of nothing are used up, and need no legend where nothing is set aside', () => {
    const shown = plain(renderCaps(status({ caps: { trainingMicroUsd: 0 } }), 80)!);
    expect(shown).toBe('Caps\n  on training  ████████████████████  $0.00 of $0.00  100 %');
    const none = plain(
      renderCaps(status({ caps: { labels: 10 }, labels: { settledLabels: 0, reservedLabels: 0 } }), 80)!,
    );
    expect(none).toBe('Caps\n  labels  ░░░░░░░░░░░░░░░░░░░░  0 of 10  0 %');
  });

  it('lose their bars and then no figure where there is little room', () => {
    const shown = plain(renderCaps(status({ caps: { labels: 20 } }), 24)!);
    expect(shown).toContain('labels  15 of 20  75 %');
  });
});
