import { BRIDGES } from '../../src/labels/registry.ts';
import { PROVIDERS } from '../../src/models/providers/registry.ts';

/** Keys that no registry declares alone: which one counts follows from other options. */
const OTHERS = [
  ['WINNOW_JUDGE_API_KEY', 'a judge with a `baseUrl` of its own in winnow.yaml'],
  ['WINNOW_EMBEDDING_API_KEY', 'an embedder with `--embedding-base-url`'],
  ['WINNOW_ENGINE_PASSWORD', 'the Redis server of a cluster: `--engine`, `engine` in winnow.yaml, `winnow worker`'],
  ['WINNOW_MODEL_API_KEY', 'a trained model that you serve'],
] as const;

/** Every variable that holds a key, as a Markdown table. */
export function environmentReference(): string {
  const ofProviders = [...PROVIDERS].flatMap(({ name, keyVariable, required }) =>
    keyVariable === undefined
      ? []
      : [[keyVariable, `provider \`${name}\`${required.includes('apiKey') ? '' : ', if the server asks for one'}`]],
  );
  const ofTools = [...BRIDGES].flatMap(({ name, server }) =>
    server === undefined ? [] : [[server.keyVariable, `\`--push\` and \`--pull\` with \`${name}\``]],
  );
  const rows = [...ofProviders, ...OTHERS, ...ofTools].map(([variable, use]) => `| \`${variable}\` | ${use} |`);
  return ['| variable | for |', '|---|---|', ...rows].map((line) => `${line}\n`).join('');
}
