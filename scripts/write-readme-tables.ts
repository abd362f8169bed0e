import { readFileSync, writeFileSync } from 'node:fs';
import { configReference } from '../test/support/config-reference.ts';
import { strategyReference } from '../test/support/strategy-reference.ts';

// Writes the generated tables into the README: npx tsx scripts/write-readme-tables.ts
const README = new URL('../README.md', import.meta.url);
const tables = { 'config reference': configReference(), 'strategy options': strategyReference() };
let text = readFileSync(README, 'utf8');
for (const [name, table] of Object.entries(tables)) {
  const start = `<!-- ${name} -->\n`;
  const from = text.indexOf(start) + start.length;
  text = text.slice(0, from) + table + text.slice(text.indexOf(`<!-- end of ${name} -->`, from));
}
writeFileSync(README, text);
