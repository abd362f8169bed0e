import { afterEach, describe, expect, it } from 'vitest';
import { pick, pickRecord, report } from '../../src/index.ts';
import { readPool } from '../../src/records/read-pool.ts';
import { CampaignLab, POOL } from '../campaign/campaign-lab.ts';
import { chooseLongest } from '../support/chat-answers.ts';
import { startOpenAiServer } from '../support/openai-server.ts';
import type { ProviderServer } from '../support/provider-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = temporaryFolder();
let server: ProviderServer | undefined;
afterEach(() => server?.close());

const SECRETS = ['rosa.klein@example.org', '+44 20 7946 0958', 'rosa@example.org'];
const RECORDS = POOL.slice(0, 24).map((item, at) => ({
  ...item,
  id: at === 3 ? SECRETS[2]! : item.id,
  instruction: at % 2 === 0 ? `${item.instruction} Mail it to ${SECRETS[0]}.` : item.instruction,
  subject: at === 1 ? `Call ${SECRETS[1]}` : 'none',
  output: `${item.output} ${at === 5 ? SECRETS[0]!.toUpperCase() : ''}`,
}));
const holdsSecret = (text: string) => SECRETS.some((secret) => text.toLowerCase().includes(secret.toLowerCase()));

describe('personal data in a pool', () => {
  it('is counted by kind, and stays as it is when only reported', async () => {
    const { personalData, instructions } = await readPool([RECORDS], { pii: 'report' });
    expect(personalData).toEqual({
      choice: 'report',
      kinds: [
        { kind: 'e-mail', items: 14, findings: 14, values: 2, first: 'the given records:1' },
        { kind: 'phone', items: 1, findings: 1, values: 1, first: 'the given records:2' },
      ],
    });
    expect(holdsSecret(JSON.stringify(instructions))).toBe(true);
  });

  it('has the same placeholder for the same value, in every field, in any case', async () => {
    const { instructions } = await readPool([RECORDS], { pii: 'mask' });
    expect(holdsSecret(JSON.stringify(instructions))).toBe(false);
    expect(instructions[0]!.instruction).toMatch(/Mail it to \[EMAIL_1\]\.$/);
    expect(instructions[2]!.record.instruction).toMatch(/\[EMAIL_1\]/);
    expect(instructions[5]!.output).toMatch(/\[EMAIL_1\]/);
    expect(instructions[1]!.record.subject).toBe('Call [PHONE_1]');
    expect(instructions[3]!.id).toBe('[EMAIL_2]');
  });

  it('is left out with its items', async () => {
    const { instructions, personalData } = await readPool([RECORDS], { pii: 'exclude' });
    expect(instructions).toHaveLength(9);
    expect(holdsSecret(JSON.stringify(instructions))).toBe(false);
    expect(personalData?.kinds).toHaveLength(2);
  });

  it('is not looked for unless asked', async () => {
    expect((await readPool([RECORDS])).personalData).toBeUndefined();
  });
});

describe('masked personal data', () => {
  it('reaches neither prompts nor picks', async () => {
    const prompts: string[] = [];
    server = await startOpenAiServer({
      chat: (prompt) => {
        prompts.push(JSON.stringify(prompt));
        return chooseLongest(prompt);
      },
    });
    const { picks, summary } = await pick({
      ...{ pool: RECORDS, count: 6, state: ':memory:', cacheFolder: folder.file('cache'), pii: 'mask' },
      ...{ strategy: 'selectllm', provider: 'compatible', model: 'm', baseUrl: `${server.url}/v1`, apiKey: 'key' },
      price: { input: 0, cachedInput: 0, output: 0 },
    });
    expect(prompts.length).toBeGreaterThan(0);
    expect(holdsSecret(prompts.join('\n'))).toBe(false);
    expect(prompts.join('\n')).toContain('[EMAIL_1]');
    expect(holdsSecret(JSON.stringify([picks.map(pickRecord), summary]))).toBe(false);
    expect(summary.notes.join('\n')).toMatch(
      /^Personal data: 14 e-mail addresses, \d+ of them different, in \d+ items \(first: .*It is replaced by placeholders\. Names are not looked for\./m,
    );
  });

  it('reaches neither tasks, nor the state, nor the report of a campaign', async () => {
    const lab = new CampaignLab(folder, 'campaign', {
      pool: { files: ['pool.jsonl', 'more.jsonl'], pii: 'mask', dedupeThreshold: 0 },
      rounds: { most: 1, seed: { strategy: 'random', count: 24 } },
    });
    lab.writePool('pool.jsonl', RECORDS);
    const known = RECORDS[0]!;
    lab.writePool('more.jsonl', [
      { id: 'x', instruction: 'Ask other@example.net about the invoice.', output: 'Yes.' },
      { id: 'y', instruction: `Again: ${known.instruction}`, output: 'Yes.' },
    ]);
    await lab.work((campaign) => campaign.run());
    expect(holdsSecret(lab.read(lab.tasksFile(1)))).toBe(false);
    const state = JSON.stringify(lab.state());
    expect(holdsSecret(state)).toBe(false);
    // Another file's first address is another one.
    expect(state).toContain('Ask [EMAIL_3] about');
    // The same one is the same.
    expect(state).toMatch(/Again: [^"]*\[EMAIL_1\]/);
    expect(holdsSecret(JSON.stringify(await report(lab.folder, lab.options)))).toBe(false);
  });
});
