import { ProviderError, ReplyError } from '../../domain/errors.ts';
import { type Range, sumRanges } from '../../domain/money.ts';
import { WinnowError } from '../../domain/winnow-error.ts';
import { option, sentence, type Wording } from '../../domain/wording.ts';
import { EMBEDDERS } from '../../models/embedders/registry.ts';
import type { LikelihoodModel } from '../../models/likelihood-model.ts';
import { serverMemory } from '../../models/providers/server-memory.ts';
import { trialRequest, tryModel } from '../../models/try-model.ts';
import { openRunState } from '../../store/run-state.ts';
import { WINNOW_VERSION } from '../../version.ts';
import { type Workbench, type WorkbenchSettings, withWorkbench } from '../workbench.ts';
import { FREE_TRIAL, type Trial } from './trial.ts';

/** What was tried, and what came of it. */
export interface Check {
  /** "the LLM that chooses", "the embedder". */
  readonly what: string;
  /** Which model, where. */
  readonly which: string;
  readonly works: boolean;
  /** What was found, or what went wrong and what to do. */
  readonly findings: readonly Wording[];
  readonly error?: WinnowError;
}

export interface ChecksDone {
  readonly checks: readonly Check[];
  readonly costMicroUsd: number;
}

export interface CheckOptions {
  /** Whether the embedder is needed. */
  readonly embeds: boolean;
  /** Asked before anything is spent. @throws DeclinedError to spend nothing */
  readonly confirm: (cost: Range) => Promise<void>;
  /** What else is needed. */
  readonly more?: ((workbench: Workbench) => readonly Trial[]) | undefined;
}

/**
 * Tries one small request of each kind that the settings need, and says what will work and what will not. What it finds
 * out of a server is remembered. Its cost is not part of any run or campaign.
 */
export function checkModels(settings: WorkbenchSettings, { embeds, confirm, more }: CheckOptions): Promise<ChecksDone> {
  return withWorkbench(
    () => settings,
    async (workbench) => {
      const { clock } = settings;
      const state = openRunState(':memory:', { kind: 'pick' }, { clock, version: WINNOW_VERSION });
      workbench.use(state, state.ledger);
      const text = `One small request at ${new Date(clock.now()).toISOString()}.`;
      const trials = [
        ...llmTrials(settings, workbench, text),
        ...(embeds ? [embedderTrial(settings, workbench, text)] : []),
        ...(more?.(workbench) ?? []),
      ];
      const opened = await Promise.all(trials.map((trial) => openTrial(trial)));
      const cost = sumRanges(opened.map((one) => one.cost));
      if (cost.worstCase > 0) await confirm(cost);
      const checks: Check[] = [];
      for (const { trial, error, run } of opened) {
        checks.push(error === undefined ? await outcome(trial, run!) : failed(trial, error));
      }
      const { settledMicroUsd, lostMicroUsd } = state.ledger.spending();
      return { checks, costMicroUsd: settledMicroUsd + lostMicroUsd };
    },
  );
}

function llmTrials(settings: WorkbenchSettings, workbench: Workbench, text: string): Trial[] {
  const { llm, judgeLlm, cacheFolder, clock } = settings;
  const parts =
    judgeLlm === undefined
      ? [['LLM', llm] as const]
      : [['LLM that chooses', llm] as const, ['LLM that judges', judgeLlm] as const];
  return parts
    .filter(([, { provider }]) => provider !== 'offline')
    .map(([what, one], index) => ({
      what,
      which: `${one.provider} ${one.model ?? ''}`.trim(),
      open: async () => {
        const { asker, client } = await workbench.opened({ ...one, batch: false });
        const { worstCaseMicroUsd, expectedMicroUsd } = asker.estimate(trialRequest(asker));
        const nonce = clock.now() + 2 * index;
        return {
          cost: sumRanges([
            { expected: expectedMicroUsd(16), worstCase: 2 * worstCaseMicroUsd },
            asker.likelihoods?.estimate(text).costMicroUsd ?? FREE_TRIAL,
          ]),
          run: async () => {
            const served = { provider: client.provider, endpoint: client.endpoint, model: client.model };
            const memory = serverMemory(cacheFolder, clock);
            const { structured, logprobs, cut } = await tryModel(asker, client, nonce);
            if (!cut) memory.keep(served, { tried: { structured, logprobs } });
            const found = [
              cut
                ? sentence`was cut off while it was thinking: set ${option('reasoningTokens')}`
                : structured
                  ? 'keeps to a JSON schema'
                  : 'keeps to no JSON schema: answers are checked and asked for again where they cannot be read',
              logprobs ? 'gives log-probabilities' : 'gives no log-probabilities: scores are whole numbers',
              `holds ${asker.contextTokens.toLocaleString('en-US')} tokens`,
            ];
            return asker.likelihoods === undefined ? found : [...found, await weighing(asker.likelihoods, text)];
          },
        };
      },
    }));
}

/** Only strategies that go by likelihoods need it. */
async function weighing(likelihoods: LikelihoodModel, text: string): Promise<string> {
  try {
    await likelihoods.likelihood(text, { subject: 'one small text', generation: 0 });
    return 'says how likely a text is';
  } catch (error) {
    if (!(error instanceof ProviderError || error instanceof ReplyError)) throw error;
    return 'does not say how likely a text is, which ifd and perplexity need';
  }
}

function embedderTrial({ embedder }: WorkbenchSettings, workbench: Workbench, text: string): Trial {
  return {
    what: 'embedder',
    which: [embedder.kind, embedder.model].filter(Boolean).join(' '),
    open: async () => {
      const estimate = EMBEDDERS.find(embedder.kind).estimate?.(embedder, [text]);
      const opened = await workbench.embedder();
      return {
        cost: estimate?.costMicroUsd ?? FREE_TRIAL,
        run: async () => {
          const { columns } = await opened.embedder.embed([text]);
          return [`gives vectors of ${columns.toLocaleString('en-US')} dimensions`];
        },
      };
    },
  };
}

async function openTrial(trial: Trial) {
  try {
    return { trial, ...(await trial.open()), error: undefined };
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    return { trial, cost: FREE_TRIAL, run: undefined, error };
  }
}

async function outcome(trial: Trial, run: () => Promise<readonly Wording[]>): Promise<Check> {
  const { what, which } = trial;
  try {
    return { what, which, works: true, findings: await run() };
  } catch (error) {
    if (!(error instanceof WinnowError)) throw error;
    return failed(trial, error);
  }
}

function failed({ what, which }: Trial, error: WinnowError): Check {
  return { what, which, works: false, findings: [], error };
}
