import { describe, expect, it } from 'vitest';
import { STRATEGIES } from '../../src/selection/strategies/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { CampaignLab, POOL } from './campaign-lab.ts';

const home = temporaryFolder();
/** Junk came without a response. */
const ANSWERED = POOL.map((item, index) => ({
  ...item,
  output: item.output || 'Nothing can be said to this.',
  rating: index % 10,
}));
/** Those that only a real model or a seed model can serve. */
const NEEDS_MODEL = ['open-endedness', 'uncertainty'];
const COUNT = 6;
/** Those that they cannot do without, or so that what filters lets enough through. */
const OPTIONS: Readonly<Record<string, object>> = {
  alpagasus: { threshold: 1 },
  mix: { mix: 'random:3,k-means:3' },
  mods: { threshold: 0 },
  targeted: {
    examples: home.write(
      'examples.jsonl',
      POOL.slice(0, 2)
        .map((item) => JSON.stringify(item))
        .join('\n'),
    ),
  },
};

function labOf(name: string, seed: object, more: object = {}): CampaignLab {
  const rounds = { most: 2, seed: { count: COUNT, ...seed }, necessity: { count: 4, evaluate: 20 } };
  const lab = new CampaignLab(home, name, { rounds, ...more });
  lab.writePool('pool.jsonl', ANSWERED);
  return lab;
}

async function firstRound(lab: CampaignLab) {
  return lab.work(async (campaign) => {
    await campaign.addPool();
    await campaign.planRound();
    return campaign.select();
  });
}
const picksOf = (lab: CampaignLab) =>
  lab.rows('SELECT instruction_id, score, strategy FROM pick ORDER BY rank') as {
    instruction_id: string;
    score: number | null;
    strategy: string;
  }[];

describe('the seed round of a campaign', () => {
  it.each(STRATEGIES.names.filter((name) => !NEEDS_MODEL.includes(name)))(
    'chooses by %s, without a key',
    async (strategy) => {
      const lab = labOf(`by ${strategy}`, { strategy, options: OPTIONS[strategy] ?? {} });
      expect(await firstRound(lab)).toMatchObject({ done: true, details: { picked: COUNT, strategy } });
      const picks = picksOf(lab);
      expect(new Set(picks.map(({ instruction_id }) => instruction_id)).size).toBe(COUNT);
      expect(new Set(picks.map((pick) => pick.strategy))).toEqual(new Set([strategy]));
    },
  );

  it('takes scores from a field of the pool', async () => {
    const lab = labOf('by field', { strategy: 'deita', options: { scoreField: 'rating', threshold: 1 } });
    await firstRound(lab);
    expect(picksOf(lab).map(({ score }) => score)).toEqual([9, 9, 9, 9, 8, 8]);
  });

  it.each([
    ['numbers', { scoreField: 'rating', threshold: 0 }, 'Set scoreField to another field'],
    ['responses', { threshold: 0 }, 'Have the LLM write the missing responses'],
  ])('is short where %s are missing, and says what can be done about those', async (what, options, hint) => {
    const lab = labOf(`without ${what}`, { strategy: 'alpagasus', options });
    const bare = ANSWERED.map(({ id, instruction }) => ({ id, instruction }) as (typeof ANSWERED)[number]);
    lab.writePool('pool.jsonl', [...ANSWERED.slice(0, 2), ...bare.slice(2)]);
    const result = await firstRound(lab);
    expect(result).toMatchObject({
      done: false,
      because: 'short',
      message: expect.stringMatching(
        /^2 of 6 instructions are chosen, short by 4\. \d\d candidates got no usable score/,
      ),
      hint: expect.toSatisfy(
        (given) => String(given).startsWith(hint) && String(given).endsWith('winnow next goOn: true.'),
      ),
    });
  });

  it.each([
    ['drafts', { strategy: 'car', options: { draft: true } }, /rounds\.seed\.options\.draft.* cannot write responses/s],
    ['an LLM judge', { strategy: 'car', options: { judge: 'llm' } }, /rounds\.seed\.options.* cannot judge as an LLM/s],
    ['answers', { strategy: 'open-endedness' }, /rounds\.seed.* cannot answer/s],
    ['unknown options', { strategy: 'car', options: { topp: 3 } }, /rounds\.seed\.options\.topp/],
  ])('refuses %s without a provider, before anything is done', async (name, seed, message) => {
    await expect(firstRound(labOf(`refused ${name}`, seed))).rejects.toThrow(message);
  });

  it.each([
    ['a threshold nothing reaches', { strategy: 'alpagasus', options: { scoreField: 'rating', threshold: 9.5 } }],
    ['a field that is not there', { strategy: 'car', options: { scoreField: 'raiting' } }],
  ])('is not bound for good by %s: what winnow.yaml says then counts', async (name, seed) => {
    const lab = labOf(`fixed ${name}`, seed);
    const first = await firstRound(lab).catch((error: Error) => error);
    expect(first instanceof Error || !first.done).toBe(true);
    lab.configure({
      rounds: {
        most: 2,
        seed: { strategy: 'alpagasus', count: 4, options: { scoreField: 'rating', threshold: 5 } },
        necessity: { count: 4, evaluate: 20 },
      },
    });
    const result = await lab.work((campaign) => campaign.next());
    expect(result).toMatchObject({ done: true, step: 'select', details: { picked: 4, strategy: 'alpagasus' } });
    expect(picksOf(lab).map(({ score }) => score)).toEqual([9, 9, 9, 9]);
  });

  it('says plainly that a pool without responses cannot be judged by them', async () => {
    const lab = labOf('no responses', { strategy: 'alpagasus' });
    lab.writePool(
      'pool.jsonl',
      ANSWERED.map(({ output: _, ...item }) => item as never),
    );
    await expect(firstRound(lab)).rejects.toThrow(/none of the 40 instructions has a response/);
  });
});
