import { readFileSync, writeFileSync } from 'node:fs';
import { WINNOW_VERSION } from '../src/version.ts';
import { manPage } from '../test/support/command-reference.ts';
import { GENERATED_PARTS, withPart } from '../test/support/generated-docs.ts';

// Writes the generated parts of the docs and the man page: npx tsx scripts/write-reference.ts
for (const { page, name, make } of GENERATED_PARTS) {
  const file = new URL(`../docs/${page}`, import.meta.url);
  writeFileSync(file, withPart(readFileSync(file, 'utf8'), name, await make()));
}
writeFileSync(new URL('../docs/winnow.1', import.meta.url), await manPage(WINNOW_VERSION));
