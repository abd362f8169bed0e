/** Variables that hold keys, by their names: OPENAI_API_KEY, HF_TOKEN_2, PGPASSWORD. */
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)S?(?:_|\d|$)/i;
/** Shorter values are no keys, and may stand in a text by chance. */
const SHORTEST_SECRET = 8;

/** The text with every key of the environment that is in it replaced by the name of its variable. */
export function withholdSecrets(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const secrets = Object.entries(environment)
    .map(([name, value = '']) => ({ name, value: value.trim() }))
    .filter(({ name, value }) => value.length >= SHORTEST_SECRET && SECRET_NAME.test(name))
    // Of one that begins another nothing is to be left.
    .sort((a, b) => b.value.length - a.value.length);
  let withheld = text;
  for (const { name, value } of secrets) {
    withheld = withheld.replaceAll(value, () => `[the value of ${name}, withheld]`);
  }
  return withheld;
}
