import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { anthropicProvider } from '../../src/models/providers/anthropic.ts';
import { anthropicClient } from '../../src/models/providers/anthropic-client.ts';
import { compatibleProvider } from '../../src/models/providers/compatible.ts';
import { openAiClient } from '../../src/models/providers/openai-client.ts';
import { choice, chooseRequest } from '../../src/testing/choose-request.ts';
import { chooseBadly, SPOILS } from '../support/chat-answers.ts';

/** The server that the program is tried against must itself be right. */
describe('the standalone server', () => {
  it.each(['openai', 'anthropic'] as const)('answers prompts of winnow as %s, and counts them', async (provider) => {
    const flags = ['--provider', provider, '--latency-ms', '1'];
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/serve.ts', ...flags], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [baseUrl] = (await once(createInterface(child.stdout), 'line')) as [string];
      const llm =
        provider === 'openai'
          ? openAiClient(compatibleProvider, { model: 'm', baseUrl })
          : anthropicClient(anthropicProvider, { model: 'm', apiKey: 'sk-x', baseUrl });
      const { text } = await llm.complete(chooseRequest(3));
      expect(choice.parse(JSON.parse(text)).choices.map(({ id }) => id)).toEqual(['id3', 'id1', 'id2']);
      const asked = await fetch(new URL('/requests', baseUrl)).then((response) => response.json());
      expect(asked).toMatchObject({ count: 1, requests: [{ answered: true }] });
    } finally {
      child.kill();
    }
  });

  it('spoils a choice in every way it claims to', () => {
    const prompt = { text: chooseRequest(2).messages[0]!.content };
    const ids = (text: string) => choice.parse(JSON.parse(text)).choices.map(({ id }) => id);
    const replies = Object.fromEntries(SPOILS.map((spoil) => [spoil, chooseBadly(spoil, prompt)]));
    expect(replies.prose!.text).toContain('"id3"');
    expect(() => JSON.parse(replies.prose!.text)).toThrow();
    expect(() => JSON.parse(replies.malformed!.text)).toThrow();
    expect(new Set(ids(replies.duplicate!.text)).size).toBe(1);
    expect(ids(replies.duplicate!.text)).toHaveLength(2);
    expect(ids(replies.foreign!.text)).toContain('zzzzz');
    expect(ids(replies['too-many']!.text)).toHaveLength(3);
    expect(ids(replies['too-few']!.text)).toHaveLength(1);
    expect(replies.cut!.stop).toBe('length');
    expect(replies.refusal!.stop).toBe('refusal');
  });
});
