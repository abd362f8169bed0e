/** Variables that hold keys, by their names. */
const SECRET_NAME = /(?:KEY|TOKEN|SECRET|PASSWORD)$/i;
/** Shorter values are no keys, and may stand in a text by chance. */
const SHORTEST_SECRET = 8;

/** The text with every key of the environment that is in it replaced by the name of its variable. */
export function withholdSecrets(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  let withheld = text;
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.length < SHORTEST_SECRET || !SECRET_NAME.test(name)) continue;
    withheld = withheld.replaceAll(value, `[the value of ${name}, withheld]`);
  }
  return withheld;
}
