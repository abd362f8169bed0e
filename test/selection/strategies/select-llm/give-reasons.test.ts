import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../src/domain/errors.ts';
import { createMatrixKernel, type OwnedMatrixKernel } from '../../../../src/math/create-matrix-kernel.ts';
import type { LlmClient, LlmRequest } from '../../../../src/models/providers/llm-client.ts';
import { parseReasons } from '../../../../src/selection/strategies/select-llm/give-reasons.ts';
import { selectLlmStrategy } from '../../../../src/selection/strategies/select-llm/select-llm.ts';
import { instructionsOf, strategyContext } from '../../../../src/testing/strategy-context.ts';

let kernel: OwnedMatrixKernel;
beforeAll(async () => {
  kernel = await createMatrixKernel({ threads: 1 });
});
afterAll(() => kernel.release());

/** Chooses what is shown first, and says why by the text it is shown. */
function chooser(reason: (line: string) => string | Error = (line) => `teaches ${line.length} things`) {
  const asked: { readonly choose: LlmRequest[]; readonly reasons: LlmRequest[] } = { choose: [], reasons: [] };
  const client: LlmClient = {
    provider: 'openai',
    model: 'scripted',
    endpoint: 'local',
    complete: async (request) => {
      const lines = request.messages[0]!.content.split('\n\n', 1)[0]!.split('\n');
      const ids = lines.map((line) => line.split(' ', 1)[0]!);
      if (request.task.kind === 'choose') {
        asked.choose.push(request);
        return { text: ids.slice(0, request.task.count).join(' '), model: 'scripted', stop: 'complete' };
      }
      asked.reasons.push(request);
      const said = lines.map((line, index) => {
        const why = reason(line);
        if (why instanceof Error) throw why;
        return `${ids[index]} ${why}`;
      });
      return { text: said.join('\n'), model: 'scripted', stop: 'complete' };
    },
  };
  return { client, asked };
}

const SIZES = { perQuery: 3, itemsPerQuery: 10 };

describe('reasons', () => {
  it('are not asked for unless wanted: the place of the pick is said instead', async () => {
    const { client, asked } = chooser();
    const context = strategyContext(selectLlmStrategy, kernel, { count: 6, options: SIZES }, client);
    const { picks } = await (await selectLlmStrategy.prepare(context)).select();
    expect(asked.reasons).toEqual([]);
    expect(new Set(picks.map(({ reason }) => reason))).toEqual(
      new Set([1, 2, 3].map((place) => `Choice ${place} of 3 among 10 candidates`)),
    );
  });

  it('are asked for in one call a query, over its picks alone, and each goes to its pick', async () => {
    const instructions = instructionsOf(40);
    const { client, asked } = chooser((line) => `about ${/number \d+/.exec(line)![0]}`);
    const options = { ...SIZES, reasons: true };
    const context = strategyContext(selectLlmStrategy, kernel, { instructions, count: 6, options }, client);
    const prepared = await selectLlmStrategy.prepare(context);
    const { picks } = await prepared.select();
    expect(asked.choose).toHaveLength(2);
    expect(asked.reasons).toHaveLength(2);
    for (const { messages, system } of asked.reasons) {
      expect(messages[0]!.content.split('\n\n', 1)[0]!.split('\n')).toHaveLength(3);
      expect(system).toContain('at most 8 words');
    }
    for (const { position, reason } of picks) {
      expect(reason).toBe(`about ${/number \d+/.exec(instructions[position]!.instruction)![0]}`);
    }
  });

  it('are part of the plan, and the same picks as without them', async () => {
    const plan = async (options: Record<string, string | number | boolean>) => {
      const context = strategyContext(selectLlmStrategy, kernel, { count: 6, options }, chooser().client);
      const prepared = await selectLlmStrategy.prepare(context);
      const { picks } = await prepared.select();
      return { asking: prepared.plan.asking!, picks: picks.map(({ position }) => position) };
    };
    const [without, withReasons] = [await plan(SIZES), await plan({ ...SIZES, reasons: true })];
    expect(withReasons.asking.calls).toEqual({ expected: 4, worstCase: 12 });
    expect(withReasons.asking.tokens.expected).toBeGreaterThan(without.asking.tokens.expected);
    expect(withReasons.picks).toEqual(without.picks);
  });

  it('can be asked for later, without choosing again', async () => {
    const { client, asked } = chooser();
    const later = strategyContext(
      selectLlmStrategy,
      kernel,
      { count: 6, options: { ...SIZES, reasons: true } },
      client,
    );
    const before = { ...later, options: { ...later.options, reasons: false } };
    await (await selectLlmStrategy.prepare(before)).select();
    const { picks } = await (await selectLlmStrategy.prepare(later)).select();
    expect(asked.choose).toHaveLength(2);
    expect(picks.every(({ reason }) => reason.startsWith('teaches'))).toBe(true);
    await (await selectLlmStrategy.prepare(later)).select();
    expect(asked.reasons).toHaveLength(2);
  });

  it('that cannot be had lose no pick, and are counted', async () => {
    const down = new ProviderError('down', { provider: 'x', status: 400, retryable: false, billing: 'none' });
    for (const reason of [() => down, () => '']) {
      const options = { ...SIZES, reasons: true };
      const { client } = chooser(reason);
      const context = strategyContext(selectLlmStrategy, kernel, { count: 6, options }, client);
      const { picks, asked } = await (await selectLlmStrategy.prepare(context)).select();
      expect(picks).toHaveLength(6);
      expect(asked).toMatchObject({ chosen: 2, withoutReason: 6 });
    }
  });
});

describe('parseReasons', () => {
  const positions = new Map([
    ['kq', 4],
    ['zx', 9],
  ]);

  it.each([
    'kq Long division in steps\nzx Tact',
    '- kq: Long division in steps\n- zx: Tact',
    'Reasons:\n\n`zx` – Tact\n"kq" – Long division in steps\n',
  ])('reads %j', (text) => {
    expect(parseReasons(text, positions)).toEqual(
      new Map([
        [4, 'Long division in steps'],
        [9, 'Tact'],
      ]),
    );
  });

  it('names what is missing', () => {
    expect(() => parseReasons('kq Long division', positions)).toThrow(
      expect.objectContaining({ problem: 'it has no line with a reason for zx.' }),
    );
  });
});
