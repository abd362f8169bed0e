import { fileURLToPath } from 'node:url';
import { loadPlugins } from '../../src/plugins/load-plugins.ts';
import { labelBridgeContract, strategyContract } from '../../src/testing/index.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
const plugins = await loadPlugins(['./strategy-by-topic.js', './bridge-survey.js'], EXAMPLES);

// The examples pass what authors of plugins are told to test with.
for (const strategy of plugins.flatMap(({ strategies = [] }) => strategies)) strategyContract(strategy);
for (const bridge of plugins.flatMap(({ bridges = [] }) => bridges)) labelBridgeContract(bridge);
