import { expect, test } from 'vitest';
import { redactSecrets } from '../../src/report/report.ts';

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
])('the value of %s is redacted everywhere', (name) => {
  const text = 'command: KEY=sk-1234567890 ./train.sh --key "sk-1234567890"';
  const redacted = redactSecrets(text, { [name]: ' sk-1234567890\n' });
  expect(redacted).not.toContain('1234567890');
  expect(redacted.split(`[value of ${name}, redacted]`)).toHaveLength(3);
});

test('a secret that begins with another one is redacted completely, and special characters in names are allowed', () => {
  const environment = { A_KEY: 'sk-12345', B_KEY: 'sk-12345-and-more', "$'_KEY": 'sk-99999' };
  expect(redactSecrets('b: sk-12345-and-more, a: sk-12345, c: sk-99999', environment)).toBe(
    "b: [value of B_KEY, redacted], a: [value of A_KEY, redacted], c: [value of $'_KEY, redacted]",
  );
});

test('other variables and short values are not redacted', () => {
  const environment = {
    HOME: '/home/user',
    KEYBOARD: 'a-keyboard',
    API_KEY: 'offline',
    A_TOKEN: '',
    B_TOKEN: undefined,
  };
  const text = 'folder: /home/user, provider: offline, a-keyboard';
  expect(redactSecrets(text, environment)).toBe(text);
});
