import { fileURLToPath } from 'node:url';
import { loadPlugins } from '../../src/plugins/load-plugins.ts';
import {
  type ChatAnswerer,
  judgeContract,
  labelBridgeContract,
  measureContract,
  providerContract,
  strategyContract,
} from '../../src/testing/index.ts';
import { usageOf } from '../support/chat-answers.ts';
import { startProviderServer } from '../support/provider-server.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const plugins = await loadPlugins(
  ['strategy-by-topic', 'bridge-survey', 'judge-regex', 'measure-rare-words', 'provider-plain-http'].map(
    (name) => `./${name}.js`,
  ),
  EXAMPLES,
);

// The examples pass what authors of plugins are told to test with.
for (const strategy of plugins.flatMap(({ strategies = [] }) => strategies)) strategyContract(strategy);
for (const bridge of plugins.flatMap(({ bridges = [] }) => bridges)) labelBridgeContract(bridge);
for (const judge of plugins.flatMap(({ judges = [] }) => judges)) judgeContract(judge, { options: { pattern: '^.' } });
for (const measure of plugins.flatMap(({ measures = [] }) => measures)) measureContract(measure);
for (const provider of plugins.flatMap(({ providers = [] }) => providers)) {
  providerContract(provider, { start: startPlainServer, basePath: '/generate' });
}

/** Speaks the interface of provider-plain-http.js. */
function startPlainServer(chat: ChatAnswerer) {
  return startProviderServer(
    async (request) => {
      const prompt = { system: '', text: String(request.body.prompt), request };
      const answer = await chat(prompt);
      if ('fault' in answer) return answer;
      const { input, output } = usageOf(prompt, answer);
      return { body: { text: answer.text, tokens_in: input, tokens_out: output, cut: answer.stop === 'length' } };
    },
    (_, message) => ({ message }),
  );
}
