import { fileURLToPath } from 'node:url';
import { loadPlugins } from '../../src/plugins/load-plugins.ts';
import { judgeContract, labelBridgeContract, measureContract, strategyContract } from '../../src/testing/index.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const plugins = await loadPlugins(
  ['./strategy-by-topic.js', './bridge-survey.js', './judge-regex.js', './measure-rare-words.js'],
  EXAMPLES,
);

// The examples pass what authors of plugins are told to test with.
for (const strategy of plugins.flatMap(({ strategies = [] }) => strategies)) strategyContract(strategy);
for (const bridge of plugins.flatMap(({ bridges = [] }) => bridges)) labelBridgeContract(bridge);
for (const judge of plugins.flatMap(({ judges = [] }) => judges)) judgeContract(judge, { options: { pattern: '^.' } });
for (const measure of plugins.flatMap(({ measures = [] }) => measures)) measureContract(measure);
