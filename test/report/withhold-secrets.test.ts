import { expect, test } from 'vitest';
import { withholdSecrets } from '../../src/report/withhold-secrets.ts';

test.each([
  'OPENAI_API_KEY',
  'ANTHROPIC_API_KEY',
  'WINNOW_API_KEY',
  'WINNOW_JUDGE_API_KEY',
  'WINNOW_MODEL_API_KEY',
  'WINNOW_EMBEDDING_API_KEY',
  'LABEL_STUDIO_API_KEY',
  'ARGILLA_API_KEY',
  'HF_TOKEN_2',
  'AWS_SECRET_ACCESS_KEY',
  'PGPASSWORD',
  'hub_credentials',
])('the value of %s is withheld wherever it stands', (name) => {
  const text = 'command: KEY=sk-1234567890 ./train.sh --key "sk-1234567890"';
  const withheld = withholdSecrets(text, { [name]: ' sk-1234567890\n' });
  expect(withheld).not.toContain('1234567890');
  expect(withheld.split(`[the value of ${name}, withheld]`)).toHaveLength(3);
});

test('nothing is left of a key that begins with another one, and patterns in names are no patterns', () => {
  const environment = { A_KEY: 'sk-12345', B_KEY: 'sk-12345-and-more', "$'_KEY": 'sk-99999' };
  expect(withholdSecrets('b: sk-12345-and-more, a: sk-12345, c: sk-99999', environment)).toBe(
    "b: [the value of B_KEY, withheld], a: [the value of A_KEY, withheld], c: [the value of $'_KEY, withheld]",
  );
});

test('other variables, and values too short to be keys, leave a text as it is', () => {
  const environment = {
    HOME: '/home/somebody',
    KEYBOARD: 'a-keyboard',
    API_KEY: 'offline',
    A_TOKEN: '',
    B_TOKEN: undefined,
  };
  const text = 'folder: /home/somebody, provider: offline, a-keyboard';
  expect(withholdSecrets(text, environment)).toBe(text);
});
