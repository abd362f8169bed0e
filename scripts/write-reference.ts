import { readFileSync, writeFileSync } from 'node:fs';
import { GENERATED_PARTS, withPart } from '../test/support/generated-docs.ts';

// Writes the generated parts of the docs: npx tsx scripts/write-reference.ts
for (const { page, name, make } of GENERATED_PARTS) {
  const file = new URL(`../docs/${page}`, import.meta.url);
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), name, make()));
}
