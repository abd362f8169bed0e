/**
 * A provider to try the program against, in a process of its own:
 *
 *     node --import tsx test/support/serve.ts --provider openai --latency-ms 200 --fault-rate 0.1 --seed 1
 *
 * or an annotation tool (`--provider label-studio` or `argilla`, their keys as in their files), to which
 * `POST /test/annotate` says what people answered.
 *
 * Prints its base URL on the first line. `GET /requests` there tells what it was asked. It answers the
 * prompts of `winnow pick` with the longest instructions; with a fault rate, that part of the requests
 * meets a fault of the network, of the server or of the model, in an order the seed decides.
 */
import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/math/random.ts';
import { startAnthropicServer } from './anthropic-server.ts';
import { startArgilla } from './argilla-server.ts';
import { type ChatAnswer, type ChatAnswerer, chooseBadly, chooseLongest, SPOILS } from './chat-answers.ts';
import { startLabelStudio } from './label-studio-server.ts';
import { startOpenAiServer } from './openai-server.ts';
import type { Fault } from './provider-server.ts';
import type { RestServerOptions } from './rest-server.ts';

const WIRE_FAULTS: readonly Fault[] = [
  { fault: 'status', status: 429, headers: { 'retry-after-ms': '300' } },
  { fault: 'status', status: 500 },
  { fault: 'status', status: 503, headers: { 'retry-after': '1' } },
  { fault: 'drop', when: 'before' },
  { fault: 'drop', when: 'middle' },
  { fault: 'half-json' },
];

function unreliable(faultRate: number, seed: number): ChatAnswerer {
  const random = seededRandom(seed, 'faults');
  const faults: ((prompt: { text: string }) => ChatAnswer)[] = [
    ...WIRE_FAULTS.map((fault) => () => fault),
    ...SPOILS.map((spoil) => (prompt: { text: string }) => chooseBadly(spoil, prompt)),
  ];
  return (prompt) =>
    random.float() < faultRate ? faults[random.below(faults.length)]!(prompt) : chooseLongest(prompt);
}

/** Faults of the network and the server, before or after the request was carried out. */
function randomTrouble(faultRate: number, seed: number): NonNullable<RestServerOptions['trouble']> {
  const random = seededRandom(seed, 'trouble');
  return ({ path }) =>
    path.startsWith('/test/') || random.float() >= faultRate
      ? undefined
      : { ...WIRE_FAULTS[random.below(WIRE_FAULTS.length)]!, after: random.below(2) === 0 };
}

const { values } = parseArgs({
  options: {
    provider: { type: 'string', default: 'openai' },
    port: { type: 'string', default: '0' },
    'latency-ms': { type: 'string', default: '0' },
    'fault-rate': { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});

const [port, faultRate, seed] = [Number(values.port), Number(values['fault-rate']), Number(values.seed)];
const options = { port, latencyMs: Number(values['latency-ms']), chat: unreliable(faultRate, seed) };
const tool = { port, trouble: randomTrouble(faultRate, seed) };
const server = await {
  openai: () => startOpenAiServer(options),
  anthropic: () => startAnthropicServer(options),
  'label-studio': () => startLabelStudio(tool),
  argilla: () => startArgilla(tool),
}[values.provider]!();
process.stdout.write(`${server.url}${values.provider === 'openai' ? '/v1' : ''}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());
