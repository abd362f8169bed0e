import { existsSync } from 'node:fs';
import { intro, isCancel, outro, select, text } from '@clack/prompts';
import { InterruptedError } from '../../domain/errors.ts';
import { parseUsd } from '../../domain/money.ts';
import { parsePrice } from '../../models/metering/prices.ts';
import { likeModel } from '../../models/providers/open-llm.ts';
import type { ProviderDefinition } from '../../models/providers/provider-definition.ts';
import { PROVIDERS } from '../../models/providers/registry.ts';
import { TRAINERS } from '../../trainers/registry.ts';
import { safeLine } from '../output/safe-text.ts';
import type { Terminal } from '../terminal.ts';
import { type InitAnswers, needsPrice } from './init-options.ts';

const LONGEST_HINT = 100;

/** Asks one question. */
type Ask = <T>(question: Promise<T>) => Promise<Exclude<T, symbol>>;

/**
 * Asks what is not given yet.
 * @param suggestedPool the default answer to the first question
 * @throws InterruptedError when the person presses Ctrl-C
 */
export async function askInit(given: InitAnswers, suggestedPool: string, terminal: Terminal): Promise<InitAnswers> {
  const screen = { input: terminal.stdin, output: terminal.stderr };
  const ask: Ask = async (question) => {
    const answer = await question;
    if (isCancel(answer)) throw new InterruptedError();
    return answer as Exclude<typeof answer, symbol>;
  };
  const line = (message: string, initialValue: string, validate: (answer: string) => string | undefined) =>
    ask(text({ ...screen, message, initialValue, validate: (answer) => validate(answer ?? '') }));

  intro('New campaign. You can change everything later in winnow.yaml.', screen);
  const pool =
    given.pool ??
    splitFiles(await line('Pool files, separated by commas', suggestedPool, (files) => missingFile(files)));
  const preset =
    given.preset ??
    (await ask(
      select({
        ...screen,
        message: 'How should instructions be chosen?',
        options: [
          {
            value: 'selectllm' as const,
            label: 'selectllm',
            hint: 'an LLM chooses, or facility location without one; later rounds cover the rest',
          },
          {
            value: 'mods' as const,
            label: 'mods',
            hint: 'quality filter first; later rounds: what the seed model fails at',
          },
        ],
      }),
    ));
  const llm = await askLlm(given, screen, ask, line);
  const labels =
    given.labels ?? Number(await line('How many instructions should people label in total?', '500', wholeProblem));
  const usd = given.usd ?? parseUsd(await line('Maximum total cost in US dollars', '10.00', dollarsProblem))!;
  const trainer = await askTrainer(given, screen, ask, line);
  outro('Done.', screen);
  return { ...given, pool, preset, ...llm, labels, usd, ...trainer };
}

type Line = (
  message: string,
  initialValue: string,
  validate: (answer: string) => string | undefined,
) => Promise<string>;
type Screen = { readonly input: NodeJS.ReadStream; readonly output: NodeJS.WriteStream };

async function askLlm(given: InitAnswers, screen: Screen, ask: Ask, line: Line): Promise<InitAnswers> {
  const provider =
    given.provider ??
    (await ask(
      select({
        ...screen,
        message: 'Which LLM should choose and judge?',
        options: [...PROVIDERS].map(({ name, summary, required, keyVariable }) => ({
          value: name,
          label: name,
          hint: required.includes('apiKey') ? `key in ${keyVariable}` : summary,
        })),
      }),
    ));
  const chosen = PROVIDERS.find(provider);
  if (!chosen.required.includes('model')) return { provider };
  const model = given.model ?? (await line('Model name', chosen.usualModel ?? '', required));
  const baseUrl =
    given.baseUrl ??
    (chosen.required.includes('baseUrl')
      ? await line('Server URL', 'http://localhost:8000/v1', addressProblem)
      : undefined);
  const address = baseUrl === undefined ? {} : { baseUrl };
  const { price } = given;
  if (given.pricedAs !== undefined || price !== undefined || !needsPrice(provider, model)) {
    return { provider, model, ...address, ...(price ? { price } : {}) };
  }
  if (chosen.deploys !== undefined) {
    const usual = `${chosen.deploys}/${PROVIDERS.find(chosen.deploys).usualModel}`;
    const problem = (answer: string) => (isPriced(answer, chosen) ? undefined : 'The price table has no such model.');
    return { provider, model, ...address, pricedAs: await line('The model behind it', usual, problem) };
  }
  const asked = await line('Price in USD per million tokens: input,output', '0,0', priceProblem);
  return { provider, model, ...address, price: parsePrice(asked) };
}

async function askTrainer(given: InitAnswers, screen: Screen, ask: Ask, line: Line): Promise<InitAnswers> {
  const trainer =
    given.trainer ??
    (await ask(
      select({
        ...screen,
        message: 'How should the seed model be trained?',
        options: [...TRAINERS].map(({ name, summary }) => ({
          value: name,
          label: name,
          hint: safeLine(summary, LONGEST_HINT),
        })),
      }),
    ));
  if (trainer === 'command') {
    return {
      trainer,
      trainCommand: given.trainCommand ?? (await line('Training command', './train.sh', required)),
      trainCost:
        given.trainCost ?? parseUsd(await line('USD that one training can cost at most', '0', dollarsProblem))!,
    };
  }
  if (trainer !== 'openai') return { trainer };
  return {
    trainer,
    trainModel: given.trainModel ?? (await line('Model to fine-tune', 'gpt-4o-mini-2024-07-18', required)),
    trainingPrice:
      given.trainingPrice ?? parseUsd(await line('USD per million training tokens', '3.00', dollarsProblem))!,
    trainModelPrice:
      given.trainModelPrice ??
      parsePrice(await line('USD per million tokens of the trained model: input,output', '0.30,1.20', priceProblem)),
  };
}

function splitFiles(files: string): string[] {
  return files
    .split(',')
    .map((file) => file.trim())
    .filter(Boolean);
}

function missingFile(files: string): string | undefined {
  const names = splitFiles(files);
  const missing = names.find((file) => !existsSync(file));
  if (names.length === 0) return 'Enter at least one file.';
  return missing === undefined ? undefined : `File not found: ${missing}`;
}

const required = (answer: string) => (answer.trim() === '' ? 'This is required.' : undefined);
const wholeProblem = (answer: string) => (/^[1-9]\d{0,8}$/.test(answer.trim()) ? undefined : 'Enter a whole number.');
const dollarsProblem = (answer: string) =>
  parseUsd(answer) === undefined ? 'Enter an amount in dollars, such as 2.50.' : undefined;
const addressProblem = (answer: string) =>
  /^https?:\/\/\S+$/.test(answer) ? undefined : 'Enter an http or https address.';

function priceProblem(answer: string): string | undefined {
  try {
    parsePrice(answer);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function isPriced(answer: string, provider: ProviderDefinition): boolean {
  try {
    likeModel(answer, provider);
    return true;
  } catch {
    return false;
  }
}
